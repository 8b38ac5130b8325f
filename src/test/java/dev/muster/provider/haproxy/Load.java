package dev.muster.provider.haproxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that keep their connections and ask without a pause until they are stopped. */
final class Load implements AutoCloseable {

    final AtomicInteger answered = new AtomicInteger();
    final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(int clients, String method, int port, String host) {
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> run(method, port, host)));
        }
    }

    private void run(String method, int port, String host) {
        while (!stopped) {
            try (Client client = new Client(port)) {
                boolean open = true;
                while (open && !stopped) {
                    Client.Answer answer = client.request(method, host, "/");
                    open = !answer.closes();
                    if (answer.status() == 200) {
                        answered.incrementAndGet();
                    } else {
                        failures.add(answer.toString());
                    }
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
