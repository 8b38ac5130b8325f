package dev.muster.provider.route53;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** Stands before something that speaks as Route 53 does. */
abstract class AwsProxy implements AutoCloseable {

    /** By which what stands behind knows who asks and for what. */
    private static final List<String> HEADERS = List.of("Authorization", "X-Amz-Date", "Content-Type");

    private final URI behind;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    AwsProxy(URI behind) {
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

    /** What is said to whoever called. */
    record Answer(int status, String text) {
        static Answer error(int status, String code, String message) {
            return new Answer(status, FakeXml.error(code, message));
        }
    }

    /** One call. */
    final class Call {
        private final HttpExchange exchange;
        private final byte[] body;
        private final String[] path;

        private Call(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            this.body = exchange.getRequestBody().readAllBytes();
            this.path = exchange.getRequestURI().getPath().split("/");
        }

        /** Whoever calls, by the id of the access key. */
        String caller() {
            return FakeRoute53.caller(exchange);
        }

        /** The action, as AWS calls it. */
        String name() {
            return FakeRoute53.name(exchange.getRequestMethod(), path).replaceAll(" .*", "");
        }

        /** The id of the zone or the change that it is about. */
        String about() {
            return path.length > 3 ? path[3] : "";
        }

        boolean writes() {
            return !exchange.getRequestMethod().equals("GET");
        }

        byte[] body() {
            return body;
        }

        /** Has it done. */
        Answer pass() throws IOException, InterruptedException {
            return pass(body);
        }

        /** The same with this instead of its body. */
        Answer pass(byte[] body) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            HEADERS.forEach(name -> {
                String value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            });
            HttpResponse<String> said = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(said.statusCode(), said.body());
        }
    }

    /** What becomes of a call. @return empty where nobody answers */
    abstract Optional<Answer> answer(Call call) throws IOException, InterruptedException;

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<Answer> answer = answer(new Call(exchange));
            if (answer.isPresent()) {
                byte[] body = answer.get().text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/xml");
                exchange.sendResponseHeaders(answer.get().status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
