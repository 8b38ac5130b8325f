package dev.muster;

import dev.muster.cli.Cli;
import dev.muster.cli.ExitCode;
import dev.muster.cli.Stop;
import dev.muster.config.Environment;
import dev.muster.wiring.Wiring;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Entry and exit. A signal is a wish to end; how that went is the exit code. */
final class Main {

    /** Longer than any role takes to end in good order; systemd's own patience is 90 s. */
    private static final long PATIENCE_SECONDS = 60;

    private Main() {}

    public static void main(String[] args) {
        Stop stop = new Stop();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stop, ended), "stop"));
        int code = ExitCode.FAILED;
        try {
            code = Cli.run(List.of(args), Environment.variables(), Wiring::new, stop);
        } finally {
            ended.complete(code);
        }
        exit(code);
    }

    /** Runs at a signal. */
    private static void end(Stop stop, CompletableFuture<Integer> ended) {
        stop.request();
        int code = ExitCode.FAILED;
        try {
            code = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println("muster: did not end within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException | ExecutionException e) {
            System.err.println("muster: " + e);
        }
        exit(code);
    }

    // Not System.exit: after a signal that would leave 128 + the signal's number, as if the program had been killed,
    // and
    // without one it first looks for a logger to tell, through every jar, which takes longer than most commands.
    private static void exit(int code) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
