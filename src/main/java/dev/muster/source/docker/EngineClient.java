package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.muster.model.Name;
import dev.muster.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads from the engine through docker-java's transport, whose connections are kept open. The path carries no API version,
 * so that every engine answers in its own. A Unix socket has no time-out there, so a watchdog closes the client under a call
 * that takes too long. Thread-safe.
 */
final class EngineClient implements Closeable {

    private static final int LONGEST_MESSAGE = 4096;

    private final URI engine;
    private final Duration timeout;
    private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("docker-watchdog").daemon().factory());
    private DockerHttpClient http;
    private boolean closed;

    /** What is made of an answer; whatever it throws fails the call. A body that is read to its end keeps the connection. */
    interface Reader<T> {
        T read(Response answer) throws IOException;
    }

    /**
     * @param timeout bound on every single call, from connecting to the answer's last byte
     * @throws IllegalArgumentException for an address that is neither {@code unix://} nor {@code tcp://}
     */
    EngineClient(URI engine, Duration timeout) {
        this.engine = requireEngine(engine);
        this.timeout = timeout;
        this.watchdog.setRemoveOnCancelPolicy(true);
        this.http = build();
    }

    /** One GET; the answer is read within the bound. */
    <T> T get(String path, Reader<T> reader) throws IOException {
        DockerHttpClient asked = present();
        AtomicBoolean late =
                new AtomicBoolean(); // set before the client closes, whose failure may arrive during the closing
        Runnable expire = () -> {
            late.set(true);
            abandon(asked);
        };
        Future<?> watch = watchdog.schedule(expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
        try (Response answer = asked.execute(request(path))) {
            return reader.read(answer);
        } catch (IOException | RuntimeException e) { // the transport wraps what its sockets throw
            throw late.get()
                    ? new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms")
                    : checked(e);
        } finally {
            watch.cancel(false);
        }
    }

    /** One GET whose answer goes on until it is closed, on a connection and a client of its own. */
    EngineStream stream(String path) {
        return new EngineStream(build(), request(path));
    }

    /** The engine's clock, as it answers to {@code /_ping}; its {@code Date} header (RFC 9110, section 6.6.1). */
    String ping() throws IOException {
        return get("/_ping", answer -> {
            if (answer.getStatusCode() != 200) {
                throw refused(answer);
            }
            answer.getBody().readNBytes(LONGEST_MESSAGE);
            return header(answer, "Date");
        });
    }

    /** What the engine said instead of an answer. */
    static IOException refused(Response answer) throws IOException {
        return new IOException("it answers %d: %s".formatted(answer.getStatusCode(), message(answer)));
    }

    static String message(Response answer) throws IOException {
        byte[] body = answer.getBody().readNBytes(LONGEST_MESSAGE);
        return Name.printable(new String(body, StandardCharsets.UTF_8).strip());
    }

    /** The same failure in the port's words. */
    SourceException failure(String what, IOException cause) {
        return new SourceException("%s: %s: %s".formatted(this, what, words(cause)), cause);
    }

    static String words(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    static IOException checked(Exception e) {
        Throwable cause = e;
        while (!(cause instanceof IOException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException io ? io : new IOException(words(cause), e);
    }

    @Override
    public String toString() {
        return "Docker at " + engine;
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
        DockerHttpClient last;
        synchronized (this) {
            closed = true;
            last = http;
        }
        closeQuietly(last);
    }

    private synchronized DockerHttpClient present() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        return http;
    }

    /** Every call that is under way on it fails now. */
    private void abandon(DockerHttpClient hanging) {
        synchronized (this) {
            if (!closed && hanging.equals(http)) {
                http = build();
            }
        }
        closeQuietly(hanging);
    }

    private DockerHttpClient build() {
        return new ZerodepDockerHttpClient.Builder()
                .dockerHost(engine)
                .connectionTimeout(timeout)
                .maxConnections(4)
                .build();
    }

    private static Request request(String path) {
        return Request.builder().method(Request.Method.GET).path(path).build();
    }

    private static String header(Response answer, String name) {
        for (Map.Entry<String, List<String>> header : answer.getHeaders().entrySet()) {
            if (header.getKey().equalsIgnoreCase(name) && !header.getValue().isEmpty()) {
                return header.getValue().getFirst();
            }
        }
        return "";
    }

    static void closeQuietly(DockerHttpClient client) {
        try {
            client.close();
        } catch (IOException e) {
            // Only requests that change nothing were sent, so nothing is lost with it.
            org.slf4j.LoggerFactory.getLogger(EngineClient.class).debug("a client that would not close", e);
        }
    }

    private static URI requireEngine(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean unix =
                scheme.equals("unix") && uri.getPath() != null && uri.getPath().startsWith("/");
        boolean tcp = scheme.equals("tcp") && uri.getHost() != null;
        if (!unix && !tcp) {
            throw new IllegalArgumentException(
                    "docker '%s': allowed are unix:///path/to/docker.sock and tcp://host:port"
                            .formatted(Name.printable(uri.toString())));
        }
        return uri;
    }
}
