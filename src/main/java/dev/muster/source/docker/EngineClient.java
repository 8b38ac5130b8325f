package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.muster.config.EngineConfig;
import dev.muster.model.Name;
import dev.muster.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Reads from the engine through docker-java's transport, whose connections are kept open. The path carries no API version,
 * so that every engine answers in its own, unless a proxy in front demands one. A Unix socket has no time-out there, so a
 * watchdog ends a call that takes too long. Thread-safe.
 */
final class EngineClient implements Closeable {

    private static final int LONGEST_MESSAGE = 4096;
    private static final int KEPT_CONNECTIONS = 8;
    private static final String PING = "/_ping";
    private static final Pattern API_VERSION = Pattern.compile("[0-9]{1,3}\\.[0-9]{1,3}");

    private final URI engine;
    private final Optional<SSLContext> tls;
    private final Duration timeout;
    private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("docker-watchdog").daemon().factory());
    private DockerHttpClient http;
    private boolean closed;

    /** Put before each path, once one without it was refused: {@code /v1.52}. */
    private volatile String version = "";

    /** What is made of an answer; whatever it throws fails the call. A body that is read to its end keeps the connection. */
    interface Reader<T> {
        T read(Response answer) throws IOException;
    }

    /**
     * @param timeout bound on every single call, from connecting to the answer's last byte
     * @throws IllegalArgumentException when the files of its TLS cannot be used; it names the file
     */
    EngineClient(EngineConfig engine, Duration timeout) {
        this.engine = engine.address();
        this.tls = engine.tlsDir().map(EngineTls::context).or(() -> EngineTls.none(engine.address()));
        this.timeout = timeout;
        this.watchdog.setRemoveOnCancelPolicy(true);
        this.http = build();
    }

    /** One GET; the answer is read within the bound. */
    <T> T get(String path, Reader<T> reader) throws IOException {
        DockerHttpClient asked = present();
        try (CallBound bound = new CallBound(watchdog, timeout, () -> abandon(asked))) {
            try (Response answer = executeOnALiveConnection(asked, path)) {
                return reader.read(answer);
            } catch (IOException | RuntimeException e) { // the transport wraps what its sockets throw
                throw bound.passed()
                        ? new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms")
                        : checked(e);
            }
        }
    }

    /** A kept connection that the engine has closed may show so only when it is used: all that are kept may have to be. */
    private Response executeOnALiveConnection(DockerHttpClient client, String path) throws IOException {
        for (int used = 0; ; used++) {
            try {
                return execute(client, path);
            } catch (IOException | RuntimeException e) {
                if (used == KEPT_CONNECTIONS || !isClosedByPeer(checked(e))) {
                    throw e;
                }
            }
        }
    }

    private static boolean isClosedByPeer(IOException e) {
        boolean notThere = e instanceof ConnectException;
        boolean reset = e instanceof SocketException || "Broken pipe".equals(e.getMessage());
        return !notThere && (reset || e.getClass().getSimpleName().equals("NoHttpResponseException"));
    }

    /** One GET whose answer goes on until it is closed, on a connection and a client of its own. */
    EngineStream stream(String path) {
        return new EngineStream(this, build(), path);
    }

    /**
     * A socket proxy may let pass only paths with an API version, all but {@code /_ping}, by which clients learn which one
     * the engine speaks. What it refuses is asked for once more in that form.
     */
    Response execute(DockerHttpClient client, String path) throws IOException {
        String before = version;
        Response answer = client.execute(request(before + path));
        if (answer.getStatusCode() == 400) {
            version = ""; // another engine, perhaps, which does not speak that version
        }
        if (answer.getStatusCode() != 403 || !before.isEmpty() || path.equals(PING)) {
            return answer;
        }
        IOException refusal = refused(answer);
        answer.close();
        String spoken = apiVersion(refusal);
        Response second = client.execute(request(spoken + path));
        if (second.getStatusCode() != 403) {
            version = spoken;
        }
        return second;
    }

    private String apiVersion(IOException refusal) throws IOException {
        try {
            String spoken = ping("Api-Version");
            if (API_VERSION.matcher(spoken).matches()) {
                return "/v" + spoken;
            }
        } catch (IOException e) {
            refusal.addSuppressed(e);
        }
        throw refusal;
    }

    /** Asks whether it is there. @return a header of its answer, empty where there is no such */
    String ping(String header) throws IOException {
        return get(PING, answer -> {
            if (answer.getStatusCode() != 200) {
                throw refused(answer);
            }
            answer.getBody().readNBytes(LONGEST_MESSAGE);
            return header(answer, header);
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
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(engine)
                .connectionTimeout(timeout)
                .maxConnections(KEPT_CONNECTIONS);
        tls.ifPresent(context -> builder.sslConfig(() -> context));
        return builder.build();
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
}
