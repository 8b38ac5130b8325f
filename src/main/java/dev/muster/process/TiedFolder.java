package dev.muster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A temporary folder that goes when it is closed, and also when this process ends in any way, a kill -9 included. */
public final class TiedFolder implements AutoCloseable {

    // Who writes there may take a moment longer to end.
    private static final String SWEEPER = """
            while read -r ignored; do :; done
            tries=0
            until rm -rf "$1" && [ ! -e "$1" ] || [ "$tries" -ge 20 ]; do
                sleep 0.2
                tries=$((tries + 1))
            done
            """;

    private static final Duration TO_END = Duration.ofSeconds(5);

    private final Path path;
    private final Process sweeper;

    private TiedFolder(Path path, Process sweeper) {
        this.path = path;
        this.sweeper = sweeper;
    }

    /** Makes it, where the system keeps temporary files. */
    public static TiedFolder create(String prefix) throws IOException {
        Path path = Files.createTempDirectory(prefix);
        return new TiedFolder(
                path,
                new ProcessBuilder("setsid", "sh", "-c", SWEEPER, "sweeper", path.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        sweeper.getOutputStream().close();
        try {
            if (!sweeper.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("%s is still in use".formatted(path));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
