package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param output of both its streams
 */
record ProgramRun(int code, String output) {

    /** @throws ProviderException when it cannot be run, or has not ended within {@code atMost} */
    static ProgramRun of(List<String> command, Duration atMost) throws ProviderException {
        String call = command.getFirst() + " " + command.get(1);
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
            return new ProgramRun(process.exitValue(), new String(output.get(), StandardCharsets.ISO_8859_1));
        } catch (ExecutionException e) {
            throw new ProviderException("the output of '%s' cannot be read".formatted(call), e);
        } catch (IOException e) {
            throw new ProviderException("'%s' cannot be run: %s".formatted(call, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException("interrupted while '%s' ran".formatted(call), e);
        }
    }
}
