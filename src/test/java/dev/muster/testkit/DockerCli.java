package dev.muster.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Real containers by an engine's own client, an independent witness of what it does; removes what it started. */
public final class DockerCli implements AutoCloseable {

    public static final String IMAGE = "muster-test/web";

    /** On everything that a test starts, so that {@code docker rm -f $(docker ps -aq -f label=muster-test)} sweeps up. */
    public static final String LABEL = "muster-test";

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An engine's client as a command: takes arguments, returns what it printed, fails when it fails. */
    public interface Client {
        String run(String... arguments);
    }

    private final Client client;
    private final String image;
    private final List<String> started = new ArrayList<>();

    /** This machine's Docker. */
    public DockerCli() {
        this(DockerCli::docker, IMAGE);
    }

    /**
     * Another engine.
     *
     * @param image what {@link #run} starts there
     */
    public DockerCli(Client client, String image) {
        this.client = client;
        this.image = image;
    }

    /** @return a name that no other test uses */
    public static String name(String what) {
        return "muster-it-%s-%d-%d".formatted(what, ProcessHandle.current().pid(), COUNT.incrementAndGet());
    }

    /** {@code docker run -d}, with the image. @return the container's id */
    public String run(String... options) {
        return run(List.of(options), List.of());
    }

    /** The same with another command than the image's. @return the container's id */
    public String run(List<String> options, List<String> instead) {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--stop-timeout", "2", "--label", LABEL));
        command.addAll(options);
        command.add(image);
        command.addAll(instead);
        String id = engine(command.toArray(String[]::new));
        started.add(id);
        return id;
    }

    /** The image that {@link #run} starts. */
    public String image() {
        return image;
    }

    /** Any command of the engine's client. @return what it printed; fails when it fails */
    public String engine(String... arguments) {
        return client.run(arguments);
    }

    /** Any command of this machine's Docker. @return what it printed; fails when it fails */
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
            if (!engine("ps", "-aq", "--no-trunc", "--filter", "id=" + id).isEmpty()) {
                engine("rm", "-f", id);
            }
        }
    }
}
