package dev.muster.bench;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The local Docker Engine, as the bench uses it: containers through its command line, events on a connection of its own. */
final class Engine implements AutoCloseable {

    static final String IMAGE = "muster-test/web";

    private static final URI SOCKET = URI.create("unix:///var/run/docker.sock");
    private static final Pattern EVENT =
            Pattern.compile("\"Action\":\"(start|die)\",\"Actor\":\\{\"ID\":\"([0-9a-f]{64})\".*\"timeNano\":([0-9]+)");

    private final String label = "dev.muster.bench=" + ProcessHandle.current().pid();
    private volatile boolean closed;
    private final List<DockerHttpClient> streams = new ArrayList<>();

    /**
     * Tells of every start and death.
     *
     * @param listener gets {@code start} or {@code die} with the container's id, and the engine's own time of it in
     *     nanoseconds since 1970
     */
    void events(EventListener listener) {
        DockerHttpClient http =
                new ZerodepDockerHttpClient.Builder().dockerHost(SOCKET).build();
        streams.add(http);
        var response = http.execute(Request.builder()
                .method(Request.Method.GET)
                .path("/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D")
                .build());
        Thread.ofPlatform().name("bench-events").daemon().start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Matcher event = EVENT.matcher(line);
                    if (event.find()) {
                        listener.happened(event.group(1), event.group(2), Long.parseLong(event.group(3)));
                    }
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    throw new IllegalStateException("the stream of events ended", e);
                }
            }
        });
    }

    /** See {@link #events}. */
    interface EventListener {
        void happened(String action, String containerId, long engineNanos);
    }

    /** Makes containers that are not started. @return their full ids */
    List<String> create(int count, String... more) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> command =
                    new ArrayList<>(List.of("docker", "create", "--label", label, "--publish", "127.0.0.1::80"));
            command.addAll(List.of(more));
            ids.add(Shell.run(command).strip());
        }
        return ids;
    }

    void start(List<String> ids) {
        List<String> command = new ArrayList<>(List.of("docker", "start"));
        command.addAll(ids);
        Shell.run(command);
    }

    /** All in the same moment, each by a request of its own; returns when all have started. */
    void startAtOnce(List<String> ids) throws InterruptedException {
        try (DockerHttpClient http = new ZerodepDockerHttpClient.Builder()
                        .dockerHost(SOCKET)
                        .maxConnections(ids.size())
                        .build();
                ExecutorService all = Executors.newFixedThreadPool(ids.size())) {
            for (Future<Integer> status :
                    all.invokeAll(ids.stream().map(id -> startBy(http, id)).toList())) {
                if (status.get() != 204) {
                    throw new IllegalStateException("a container did not start: " + status.get());
                }
            }
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("a container did not start", e);
        }
    }

    private static Callable<Integer> startBy(DockerHttpClient http, String id) {
        return () -> {
            try (var response = http.execute(Request.builder()
                    .method(Request.Method.POST)
                    .path("/containers/" + id + "/start")
                    .build())) {
                return response.getStatusCode();
            }
        };
    }

    void pause(String id) {
        Shell.run(List.of("docker", "pause", id));
    }

    void kill(String id) {
        Shell.run(List.of("docker", "kill", id));
    }

    /** The container's own address. */
    String address(String id) {
        return Shell.run(List.of("docker", "inspect", "--format", "{{.NetworkSettings.IPAddress}}", id))
                .strip();
    }

    void remove(List<String> ids) {
        if (!ids.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("docker", "rm", "--force"));
            command.addAll(ids);
            Shell.run(command);
        }
    }

    /** Removes all containers of this bench. */
    @Override
    public void close() {
        closed = true;
        remove(Shell.run(List.of("docker", "ps", "--all", "--quiet", "--filter", "label=" + label))
                .lines()
                .toList());
        for (DockerHttpClient stream : streams) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
