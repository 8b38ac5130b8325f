package dev.muster.faults;

import dev.muster.provider.haproxy.Client;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Two clients that ask through the balancer until they are closed: one request after the other, each over a connection of its own. */
final class Traffic implements AutoCloseable {

    private final int port;
    private final String service;
    private final String path;
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients;
    private volatile boolean enough;

    /**
     * A request.
     *
     * @param nanos when it was sent
     * @param outcome the instance that answered, or what went wrong
     */
    private record Asked(long nanos, String outcome) {}

    /** @param path where an instance says its name */
    Traffic(int port, String service, String path) {
        this.port = port;
        this.service = service;
        this.path = path;
        clients =
                List.of(Thread.ofVirtual().start(this::ask), Thread.ofVirtual().start(this::ask));
    }

    /** What came of the requests that were sent in that time. */
    List<String> outcomes(long fromNanos, long toNanos) {
        return asked.stream()
                .filter(request -> request.nanos() - fromNanos >= 0 && request.nanos() - toNanos < 0)
                .map(Asked::outcome)
                .toList();
    }

    private void ask() {
        while (!enough) {
            long now = System.nanoTime();
            asked.add(new Asked(now, outcome()));
        }
    }

    private String outcome() {
        try {
            Client.Answer answer = Client.get(port, service, path);
            return answer.status() == 200 ? answer.body().strip() : "status " + answer.status();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        enough = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
