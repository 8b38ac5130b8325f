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
            grace=$1
            shift
            exec 3<&0
            "$@" </dev/null 3<&- &
            tied=$!
            {
                while read -r ignored <&3; do :; done
                kill -TERM "$tied"
                sleep "$grace"
                kill -KILL "$tied"
            } >/dev/null 2>&1 &
            keeper=$!
            wait "$tied"
            status=$?
            kill "$keeper" 2>/dev/null
            exit "$status"
            """;

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration BEYOND_GRACE = Duration.ofSeconds(2);

    private final Process keeper;
    private final Duration grace;

    private TiedProcess(Process keeper, Duration grace) {
        this.keeper = keeper;
        this.grace = grace;
    }

    /** The command line that runs {@code command} until its standard input ends, in a session of its own: no Ctrl-C reaches it. */
    public static List<String> command(List<String> command) {
        return command(command, GRACE);
    }

    private static List<String> command(List<String> command, Duration grace) {
        List<String> words =
                new ArrayList<>(List.of("setsid", "sh", "-c", KEEPER, "keeper", String.valueOf(grace.toSeconds())));
        words.addAll(command);
        return words;
    }

    /**
     * Starts it.
     *
     * @param output what it says is appended there
     */
    public static TiedProcess start(List<String> command, Path output) throws IOException {
        return start(command, output, GRACE);
    }

    /** The same, for one that takes longer to end by itself: it is killed after {@code grace}, whole seconds. */
    public static TiedProcess start(List<String> command, Path output, Duration grace) throws IOException {
        Process keeper = new ProcessBuilder(command(command, grace))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new TiedProcess(keeper, grace);
    }

    public boolean alive() {
        return keeper.isAlive();
    }

    /** Ends it, and waits until it has ended, its grace and a moment at most; its keeper then goes on trying alone. */
    @Override
    public void close() throws IOException {
        keeper.getOutputStream().close();
        try {
            Duration bound = grace.plus(BEYOND_GRACE);
            if (!keeper.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("has not ended within %d s".formatted(bound.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
