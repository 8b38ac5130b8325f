package dev.muster.source;

import dev.muster.config.StaticConfig;
import dev.muster.config.StaticEntry;
import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries from the flag and from a file that may change. A file is believed once it has stood still for a moment, since
 * many programs empty a file before they write it; one that cannot be read or understood changes nothing, which is said
 * once. Used by one thread, but for {@link #refused}.
 */
public final class StaticFile {

    private static final Logger log = LoggerFactory.getLogger(StaticFile.class);
    private static final Duration STILL = Duration.ofMillis(300);
    private static final long LARGEST = 1024 * 1024;

    /** @param failure why there is no text */
    private record Reading(String text, Optional<String> failure) {}

    private final StaticConfig config;
    private final Consumer<List<StaticEntry>> check;
    private final Time time;
    private List<StaticEntry> entries;
    private Reading seen;
    private long seenNanos;
    private boolean believed = true;
    private volatile Optional<String> refused = Optional.empty();

    /**
     * Reads it for the first time.
     *
     * @param check throws IllegalArgumentException, with a sentence, for entries that cannot be registered here
     * @throws IllegalArgumentException for a file that cannot be read or understood
     */
    public StaticFile(StaticConfig config, Consumer<List<StaticEntry>> check, Time time) {
        this.config = config;
        this.check = check;
        this.time = time;
        this.seen = read();
        this.entries = parse(seen);
    }

    /** All entries that count now. */
    List<StaticEntry> entries() {
        if (config.file().isPresent()) {
            look(read());
        }
        return entries;
    }

    /** How long until a change that was seen may be believed; empty where there is none. */
    Optional<Duration> unsettled() {
        return believed ? Optional.empty() : Optional.of(STILL);
    }

    /** Why the file as it stands is not followed; empty while it is. */
    public Optional<String> refused() {
        return refused;
    }

    private void look(Reading now) {
        if (!now.equals(seen)) {
            seen = now;
            seenNanos = time.nanos();
            believed = false;
        }
        if (believed || time.elapsed(seenNanos).compareTo(STILL) < 0) {
            return;
        }
        believed = true;
        try {
            List<StaticEntry> parsed = parse(now);
            if (refused.isPresent() || !parsed.equals(entries)) {
                log.info(
                        "{}: {} entries",
                        file(),
                        parsed.size() - config.entries().size());
            }
            refused = Optional.empty();
            entries = parsed;
        } catch (IllegalArgumentException e) {
            refuse(e);
        }
    }

    private void refuse(IllegalArgumentException e) {
        String why = String.valueOf(e.getMessage());
        if (!refused.equals(Optional.of(why))) {
            log.warn("{}; what it said before stays", why);
        }
        refused = Optional.of(why);
    }

    private List<StaticEntry> parse(Reading reading) {
        if (reading.failure().isPresent()) {
            throw new IllegalArgumentException(reading.failure().get());
        }
        List<StaticEntry> parsed = new ArrayList<>(config.entries());
        int number = 0;
        for (String line : reading.text().lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!entry.isEmpty()) {
                try {
                    parsed.add(StaticEntry.parse(entry));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "%s:%d: '%s': %s".formatted(file(), number, Name.printable(entry), e.getMessage()), e);
                }
            }
        }
        try {
            StaticConfig.requireDistinct(parsed);
            check.accept(parsed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file(), e.getMessage()), e);
        }
        return List.copyOf(parsed);
    }

    private Reading read() {
        if (config.file().isEmpty()) {
            return new Reading("", Optional.empty());
        }
        Path path = config.file().get();
        try {
            if (Files.size(path) > LARGEST) {
                return new Reading("", Optional.of("%s: allowed are %d bytes".formatted(path, LARGEST)));
            }
            return new Reading(Files.readString(path), Optional.empty());
        } catch (IOException e) {
            return new Reading("", Optional.of("%s cannot be read (%s)".formatted(path, reason(e))));
        }
    }

    /** What {@link java.nio.file.FileSystemException}s say is mostly the file's name alone. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }

    private String file() {
        return config.file().map(Path::toString).orElse("--static");
    }
}
