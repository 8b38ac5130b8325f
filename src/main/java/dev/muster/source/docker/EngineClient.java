package dev.muster.source.docker;

import dev.muster.model.Name;
import dev.muster.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Reads from the engine over connections that are kept open. The path carries no API version, so that every engine answers
 * in its own. Thread-safe; each {@link Exchange} belongs to one thread.
 */
final class EngineClient implements Closeable {

    private static final int LONGEST_MESSAGE = 4096;

    private final EngineAddress address;
    private final Duration timeout;
    private final Deque<EngineConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** @param timeout bound on every single call, from connecting to the answer's last byte */
    EngineClient(EngineAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    /** One request and its answer. Closed without {@link #finish}, its connection is closed too. */
    final class Exchange implements AutoCloseable {
        private final String path;
        private EngineConnection connection;
        private boolean finished;

        private Exchange(String path, EngineConnection connection) {
            this.path = path;
            this.connection = connection;
        }

        EngineAnswer answer() throws IOException {
            try {
                return connection.receive();
            } catch (InterruptedIOException e) {
                // Also a time-out: a second try would take as long.
                throw e;
            } catch (IOException e) {
                if (!connection.used()) {
                    throw e;
                }
                // The engine closed a connection that had been idle: it may have been restarted since.
                connection.close();
                connection = EngineConnection.open(address, timeout);
                connection.send(path, timeout);
                return connection.receive();
            }
        }

        /** Makes sure that nothing but white space is left, and gives the connection back. */
        void finish(EngineAnswer answer) throws IOException {
            InputStream rest = answer.body();
            byte[] buffer = new byte[512];
            for (int count = rest.read(buffer); count >= 0; count = rest.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] > ' ' || buffer[i] < 0) {
                        throw new IOException("an answer that goes on after its end");
                    }
                }
            }
            finished = true;
        }

        @Override
        public void close() {
            if (finished && connection.reusable() && !closed) {
                idle.addFirst(connection);
            } else {
                connection.close();
            }
        }
    }

    Exchange send(String path) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        for (EngineConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            try {
                kept.send(path, timeout);
                return new Exchange(path, kept);
            } catch (IOException e) {
                // As after a restart of the engine: whatever else was kept is as old.
                kept.close();
            }
        }
        EngineConnection fresh = EngineConnection.open(address, timeout);
        try {
            fresh.send(path, timeout);
            return new Exchange(path, fresh);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }

    /** The engine answers to {@code /_ping}; its clock comes with it. */
    EngineAnswer ping() throws IOException {
        try (Exchange exchange = send("/_ping")) {
            EngineAnswer answer = exchange.answer();
            if (answer.status() != 200) {
                throw refused(answer);
            }
            answer.body().readNBytes(64);
            exchange.finish(answer);
            return answer;
        }
    }

    /** What the engine said instead of an answer. */
    static IOException refused(EngineAnswer answer) throws IOException {
        return new IOException("it answers %d: %s".formatted(answer.status(), message(answer)));
    }

    static String message(EngineAnswer answer) throws IOException {
        byte[] body = answer.body().readNBytes(LONGEST_MESSAGE);
        return Name.printable(new String(body, StandardCharsets.UTF_8).strip());
    }

    /** The same failure in the port's words. */
    SourceException failure(String what, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new SourceException("%s: %s: %s".formatted(address, what, reason), cause);
    }

    EngineAddress address() {
        return address;
    }

    Duration timeout() {
        return timeout;
    }

    @Override
    public void close() {
        closed = true;
        for (EngineConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            kept.close();
        }
    }
}
