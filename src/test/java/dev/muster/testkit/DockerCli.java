package dev.muster.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Real containers by the real client, an independent witness of what the engine does; removes what it started. */
public final class DockerCli implements AutoCloseable {

    public static final String IMAGE = "muster-test/web";

    /** On everything that a test starts, so that {@code docker rm -f $(docker ps -aq -f label=muster-test)} sweeps up. */
    public static final String LABEL = "muster-test";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private final List<String> started = new ArrayList<>();

    /** @return a name that no other test uses */
    public static String name(String what) {
        return "muster-it-%s-%d-%d".formatted(what, ProcessHandle.current().pid(), COUNT.incrementAndGet());
    }

    /** {@code docker run -d}, with the server image. @return the container's id */
    public String run(String... options) {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--stop-timeout", "2", "--label", LABEL));
        command.addAll(Arrays.asList(options));
        command.add(IMAGE);
        String id = docker(command.toArray(String[]::new));
        started.add(id);
        return id;
    }

    /** @return what it printed; fails when it fails */
    public static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (String id : started) {
            if (!docker("ps", "-aq", "--no-trunc", "--filter", "id=" + id).isEmpty()) {
                docker("rm", "-f", id);
            }
        }
    }
}
