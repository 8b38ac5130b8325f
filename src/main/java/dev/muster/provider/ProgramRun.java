package dev.muster.provider;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A program that was run to its end, without a shell.
 *
 * @param output of both its streams
 */
public record ProgramRun(int code, String output) {

    /** What it started and left behind may hold its streams open for ever. */
    private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(1);

    private static final int LINES = 5;

    /** @throws ProviderException when it cannot be run, or has not ended within {@code atMost} */
    public static ProgramRun of(List<String> command, Duration atMost) throws ProviderException {
        String call = call(command);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            FutureTask<byte[]> output =
                    new FutureTask<>(() -> process.getInputStream().readAllBytes());
            Thread.ofVirtual().start(output);
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new ProviderException("'%s' gave no answer within %d s".formatted(call, atMost.toSeconds()));
            }
            return new ProgramRun(process.exitValue(), text(output));
        } catch (ExecutionException e) {
            throw new ProviderException("the output of '%s' cannot be read".formatted(call), e);
        } catch (IOException e) {
            throw new ProviderException("'%s' cannot be run: %s".formatted(call, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException("interrupted while '%s' ran".formatted(call), e);
        }
    }

    private static String text(FutureTask<byte[]> output) throws ExecutionException, InterruptedException {
        try {
            byte[] bytes = output.get(REST_OF_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (TimeoutException stillOpen) {
            return "";
        }
    }

    /** The program and its first argument, which is enough to know it by. */
    public static String call(List<String> command) {
        return command.stream().limit(2).collect(Collectors.joining(" "));
    }

    /** The last few lines that say something, in one. */
    public String lastWords() {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.isEmpty()
                ? "it said nothing"
                : String.join("; ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
