package dev.muster.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program whose life is tied to this process: it ends when it is closed, and also when this process ends in any way, a
 * kill -9 included. A keeper waits for the end of a pipe whose other end only this process has; the kernel's parent-death
 * signal would not do, since it comes when the starting thread ends.
 */
public final class TiedProcess implements AutoCloseable {

    // The keeper is killed as soon as the command has been waited for: by then its process id may be another's.
    private static final String KEEPER = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            tied=$!
            {
                while read -r ignored <&3; do :; done
                kill -TERM "$tied"
                sleep 2
                kill -KILL "$tied"
            } >/dev/null 2>&1 &
            keeper=$!
            wait "$tied"
            status=$?
            kill "$keeper" 2>/dev/null
            exit "$status"
            """;

    private static final Duration TO_END = Duration.ofSeconds(4);

    private final Process keeper;

    private TiedProcess(Process keeper) {
        this.keeper = keeper;
    }

    /** The command line that runs {@code command} until its standard input ends, in a session of its own: no Ctrl-C reaches it. */
    public static List<String> command(List<String> command) {
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", KEEPER, "keeper"));
        words.addAll(command);
        return words;
    }

    /**
     * Starts it.
     *
     * @param output what it says is appended there
     */
    public static TiedProcess start(List<String> command, Path output) throws IOException {
        return new TiedProcess(new ProcessBuilder(command(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    public boolean alive() {
        return keeper.isAlive();
    }

    /** Ends it, and waits until it has ended, a few seconds at most; its keeper then goes on trying alone. */
    @Override
    public void close() throws IOException {
        keeper.getOutputStream().close();
        try {
            if (!keeper.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("has not ended within %d s".formatted(TO_END.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
