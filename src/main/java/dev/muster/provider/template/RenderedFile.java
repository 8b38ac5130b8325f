package dev.muster.provider.template;

import dev.muster.config.TemplateConfig;
import dev.muster.provider.FileRights;
import dev.muster.provider.Isolation;
import dev.muster.provider.ProgramRun;
import dev.muster.provider.ProviderException;
import dev.muster.provider.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One file that is rendered, checked, put in place, and read again by whoever reads it. */
final class RenderedFile {

    /** A command that takes longer holds up everything else, so it is given up. */
    private static final Duration COMMAND = Duration.ofSeconds(15);

    /** How soon the same text is tried again that its check or its reader refused. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final TemplateConfig config;
    private final Template template;
    private final WholeFile file;
    private final Optional<Part> part;
    private final LongSupplier nanos;
    private Optional<Refusal> refusal = Optional.empty();
    private boolean objected;
    private boolean written;
    private @Nullable Object stamp;

    /** A text that a command did not like, when, and what it said. */
    private record Refusal(String digest, long atNanos, String words) {}

    /** @param nanos a monotonic clock */
    RenderedFile(TemplateConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.template = new Template(config.source());
        this.file = new WholeFile(
                behindLinks(config.target()),
                StandardCharsets.UTF_8,
                new FileRights(config.mode(), config.owner(), config.group()));
        this.part = config.part() ? Optional.of(new Part(config.name())) : Optional.empty();
    }

    /** A link stays one: what it leads to is replaced. */
    private static Path behindLinks(Path target) {
        try {
            return Files.exists(target) ? target.toRealPath() : target;
        } catch (IOException unreadable) {
            return target;
        }
    }

    /** As its description is called. */
    String name() {
        return config.name();
    }

    String target() {
        return config.target().toString();
    }

    /** Whether file or template differ from what was left here. */
    boolean disturbed(String loaded) throws ProviderException {
        return !template.stamp().equals(stamp)
                || !mine(file.read()).map(RenderedFile::digest).equals(Optional.of(loaded));
    }

    /**
     * Brings the file in step, and its reader; where they are, nothing is written and nothing run.
     *
     * @param loaded of the text that was last read again, or empty
     * @return the same of the text that is now
     */
    String enforce(Map<String, Object> view, String loaded) throws ProviderException {
        objected = false;
        written = false;
        try {
            Object now = template.stamp();
            String text = text(view);
            String digest = digest(text);
            requireNotRefused(digest);
            Optional<String> live = file.read();
            if (!mine(live).equals(Optional.of(text))) {
                replace(whole(live, text), digest);
            }
            written = true;
            if (!digest.equals(loaded)) {
                reload(digest);
            }
            refusal = Optional.empty();
            stamp = now;
            return digest;
        } catch (ProviderException e) {
            throw new ProviderException(config.name() + ": " + e.getMessage(), e);
        }
    }

    /** How the file would differ from what is there, in words; empty where it would not. Nothing is checked or run. */
    Optional<String> difference(Map<String, Object> view) throws ProviderException {
        String text = text(view);
        Optional<String> live = mine(file.read());
        if (live.equals(Optional.of(text))) {
            return Optional.empty();
        }
        List<String> come = new ArrayList<>(text.lines().toList());
        List<String> go = new ArrayList<>(live.orElse("").lines().toList());
        text.lines().forEach(go::remove);
        live.orElse("").lines().forEach(come::remove);
        return Optional.of("%s: %d lines come, %d go%s"
                .formatted(file.path(), come.size(), go.size(), live.isPresent() ? "" : "; it is not there yet"));
    }

    /** Whether what failed just now may do so for what is in it: its template could not be rendered, or its check refused. */
    boolean objected() {
        return objected;
    }

    /** Whether the file has what it was last to have, whatever became of its reader. */
    boolean written() {
        return written;
    }

    /** What template or check have against it; the file stays as it is. */
    Optional<Isolation.Objection> objection(Map<String, Object> view) throws ProviderException {
        String text;
        try {
            text = text(view);
        } catch (ProviderException e) {
            return objection(String.valueOf(e.getMessage()));
        }
        Optional<String> live = file.read();
        if (config.check().isEmpty() || mine(live).equals(Optional.of(text))) {
            return Optional.empty();
        }
        file.write(whole(live, text));
        try {
            ProgramRun run = ProgramRun.of(command(config.check(), file.draft()), COMMAND);
            return run.code() == 0 ? Optional.empty() : objection(words(run));
        } finally {
            file.discard();
        }
    }

    private Optional<Isolation.Objection> objection(String words) {
        return Optional.of(new Isolation.Objection(config.name() + ": " + words, new TreeMap<>()));
    }

    private String text(Map<String, Object> view) throws ProviderException {
        try {
            String rendered = template.render(view);
            return part.isPresent() ? Part.ended(rendered) : rendered;
        } catch (ProviderException e) {
            objected = true;
            throw e;
        }
    }

    private String whole(Optional<String> live, String text) {
        return part.map(mine -> mine.with(live.orElse(""), text)).orElse(text);
    }

    /** Removes what a killed process left half done. */
    void clean() throws ProviderException {
        file.discard();
    }

    private Optional<String> mine(Optional<String> live) {
        return part.isPresent() ? live.flatMap(text -> part.get().in(text)) : live;
    }

    /** What was refused a moment ago would be refused again. */
    private void requireNotRefused(String digest) throws ProviderException {
        Refusal last = refusal.filter(one -> one.digest().equals(digest)).orElse(null);
        if (last != null && nanos.getAsLong() - last.atNanos() < RETRY.toNanos()) {
            throw new ProviderException(last.words());
        }
    }

    private ProviderException refused(String digest, String words) {
        refusal = Optional.of(new Refusal(digest, nanos.getAsLong(), words));
        return new ProviderException(words);
    }

    private void replace(String text, String digest) throws ProviderException {
        file.write(text);
        if (!config.check().isEmpty()) {
            try {
                check(digest);
            } catch (ProviderException e) {
                file.discard();
                throw e;
            }
        }
        file.publish();
    }

    private void check(String digest) throws ProviderException {
        ProgramRun run = run(command(config.check(), file.draft()), digest);
        if (run.code() != 0) {
            objected = true;
            throw refused(digest, words(run));
        }
    }

    private String words(ProgramRun check) {
        return "'%s' refuses the new file, %s stays as it is: %s"
                .formatted(
                        ProgramRun.call(config.check()),
                        file.path(),
                        check.lastWords()
                                .replace(file.draft().toString(), file.path().toString()));
    }

    private void reload(String digest) throws ProviderException {
        if (config.reload().isEmpty()) {
            return;
        }
        ProgramRun run = run(command(config.reload(), file.path()), digest);
        if (run.code() != 0) {
            throw refused(
                    digest,
                    "%s is new, and '%s' ended with %d: %s"
                            .formatted(file.path(), ProgramRun.call(config.reload()), run.code(), run.lastWords()));
        }
    }

    private ProgramRun run(List<String> command, String digest) throws ProviderException {
        try {
            return ProgramRun.of(command, COMMAND);
        } catch (ProviderException e) {
            throw refused(digest, String.valueOf(e.getMessage()));
        }
    }

    private static List<String> command(List<String> words, Path file) {
        return words.stream()
                .map(word -> word.replace("{file}", file.toString()))
                .toList();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
