package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.muster.config.HostPort;
import dev.muster.config.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointIT {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final Metrics metrics = new Metrics();
    private Optional<String> notLive = Optional.empty();
    private Optional<String> notReady = Optional.of("etcd does not answer");
    private final Health health = new Health() {
        @Override
        public Optional<String> notLive() {
            return notLive;
        }

        @Override
        public Optional<String> notReady() {
            return notReady;
        }
    };
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpEndpoint endpoint;

    @BeforeEach
    void open() {
        endpoint = HttpEndpoint.open(ANY_PORT, metrics, health);
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    @Test
    void readinessSaysWhyNotAndThenThatItIs() throws Exception {
        HttpResponse<String> before = send("GET", "/health/ready");
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).isEqualTo("etcd does not answer\n");

        notReady = Optional.empty();
        HttpResponse<String> after = send("GET", "/health/ready");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("ready\n");
    }

    @Test
    void livenessIsNotReadiness() throws Exception {
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);

        notLive = Optional.of("the pass under way has taken 90 s");
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/health/live").body()).contains("90 s");
    }

    @Test
    void metricsAreServedAsPrometheusText() throws Exception {
        metrics.counter("events", "events received", () -> 7);

        HttpResponse<String> answer = send("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains("muster_events_total 7.0");
    }

    @Test
    void anAnswerSaysWhatTimeItIsHere() throws Exception {
        String date = send("GET", "/health/live").headers().firstValue("Date").orElseThrow();
        assertThat(date).hasSize("Sun, 06 Nov 1994 08:49:37 GMT".length());
        assertThat(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                .isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
    }

    @Test
    void headHasTheSameHeadersAndNoBody() throws Exception {
        HttpResponse<String> head = send("HEAD", "/health/live");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue("live\n".length());
        assertThat(head.body()).isEmpty();
    }

    @Test
    void onlyGetAndHeadAreAnswered() throws Exception {
        HttpResponse<String> post = send("POST", "/metrics");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/metrics/more").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/health").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/health/live?verbose=1").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoHttpIsRefusedAndSoIsWhatIsTooLong() throws Exception {
        assertThat(said("what is this?\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(said("GET /%zz HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(said("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(10_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(said("POST /metrics HTTP/1.1\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatSendsNoWholeRequestIsLeftAfterTenSeconds() throws Exception {
        long start = System.nanoTime();
        assertThat(said("GET /metrics HTTP/1.1\r\n")).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));
    }

    @Test
    void aPageThatHasToWaitKeepsNoOtherWaiting() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch known = new CountDownLatch(1);
        metrics.counter("slow", "known later", () -> {
            asked.countDown();
            try {
                known.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 3;
        });
        CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> said("GET /metrics HTTP/1.1\r\n\r\n"));
        asked.await();
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
        assertThat(slow).isNotDone();
        known.countDown();
        assertThat(slow.get()).startsWith("HTTP/1.1 200 ").contains("muster_slow_total 3.0");
    }

    @Test
    void aNumberThatCannotBeReadIsNoAnswerAndLeavesHealthAlone() throws Exception {
        metrics.timing("broken_seconds", "help", "label without a value");

        assertThat(send("GET", "/metrics").statusCode()).isEqualTo(500);
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortInUseIsRefusedWithTheFlagAndTheAddress() {
        HostPort taken = new HostPort("127.0.0.1", endpoint.address().getPort());

        assertThatThrownBy(() -> HttpEndpoint.open(taken, metrics, health))
                .isInstanceOf(UsageException.class)
                .hasMessage("--http '%s': that port is in use; choose another, or none", taken);
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        assertThatThrownBy(() -> HttpEndpoint.open(new HostPort("192.0.2.1", 0), metrics, health))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--http '192.0.2.1:0': that is no address of this machine");
    }

    @Test
    void thePortIsFreeOnceItIsClosed() {
        endpoint.close();
        HostPort same = new HostPort("127.0.0.1", endpoint.address().getPort());
        endpoint = HttpEndpoint.open(same, metrics, health);
        assertThat(endpoint.address().getPort()).isEqualTo(same.port());
    }

    /** @return all that is answered until the end of the connection */
    private String said(String request) {
        try (Socket socket =
                new Socket(endpoint.address().getAddress(), endpoint.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
