package dev.muster.provider.route53;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.provider.route53.FakeRoute53.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * Stands before something that speaks as AWS does, and meets every fourth call that changes something, and every fourth that
 * does not, with the next fault in turn.
 */
final class AwsFaultProxy implements AutoCloseable {

    private static final List<Fate> OF_WRITES = List.of(
            Fate.UNANSWERED,
            Fate.THROTTLED,
            Fate.FAILED_AFTER,
            Fate.PRIOR_REQUEST_NOT_COMPLETE,
            Fate.FAILED,
            Fate.UNAVAILABLE);
    private static final List<Fate> OF_READS = List.of(Fate.THROTTLED, Fate.FAILED, Fate.UNAVAILABLE, Fate.UNANSWERED);
    private static final int ONE_IN = 4;

    /** By which what stands behind knows who asks and for what. */
    private static final List<String> HEADERS = List.of("Authorization", "X-Amz-Date", "Content-Type");

    private final URI behind;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<Fate> met = EnumSet.noneOf(Fate.class);
    private int reads;
    private int writes;

    AwsFaultProxy(URI behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Every fault that a call was met with so far. */
    synchronized Set<Fate> met() {
        return EnumSet.copyOf(met);
    }

    private synchronized Optional<Fate> next(boolean write) {
        int number = write ? writes++ : reads++;
        List<Fate> fates = write ? OF_WRITES : OF_READS;
        Optional<Fate> next =
                number % ONE_IN == 0 ? Optional.of(fates.get(number / ONE_IN % fates.size())) : Optional.empty();
        next.ifPresent(met::add);
        return next;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Optional<Fate> fate = next(exchange.getRequestMethod().equals("POST"));
            if (fate.isEmpty()) {
                HttpResponse<byte[]> said = forward(exchange, body);
                answer(exchange, said.statusCode(), said.body());
                return;
            }
            switch (fate.get()) {
                case UNANSWERED -> forward(exchange, body);
                case FAILED_AFTER -> {
                    forward(exchange, body);
                    answer(exchange, 500, FakeXml.error("InternalFailure", "try again"));
                }
                case FAILED -> answer(exchange, 500, FakeXml.error("InternalFailure", "try again"));
                case UNAVAILABLE -> answer(exchange, 503, FakeXml.error("ServiceUnavailable", "try again"));
                case THROTTLED -> answer(exchange, 400, FakeXml.error("Throttling", "Rate exceeded"));
                case PRIOR_REQUEST_NOT_COMPLETE ->
                    answer(exchange, 400, FakeXml.error("PriorRequestNotComplete", "still at a prior request"));
                default -> throw new IllegalStateException(fate.get().toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        HEADERS.forEach(name -> {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
