package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.model.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metadata service that insists on its token, as EC2's does where version 2 is required: 401 without it. */
final class Ec2MetadataIT {

    private static final String TOKEN = "AQAEAK-r4nd0m==";

    @TempDir
    Path folder;

    private final Map<String, String> categories = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int tokenStatus = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        categories.put("local-ipv4", "10.251.50.12");
        categories.put("public-ipv4", "203.0.113.25");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        String ttl = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds");
        if (path.equals("/latest/api/token")) {
            boolean asItShould = exchange.getRequestMethod().equals("PUT") && ttl != null && Integer.parseInt(ttl) > 0;
            reply(exchange, asItShould ? tokenStatus : 400, TOKEN);
        } else if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
            reply(exchange, 401, "");
        } else {
            String value = categories.get(path.substring("/latest/meta-data/".length()));
            reply(exchange, value == null ? 404 : 200, value == null ? "" : value);
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Ec2Metadata metadata() {
        return new Ec2Metadata(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(2));
    }

    private Addresses choose(String publicFlag, String environment) throws IOException {
        Files.writeString(folder.resolve("environment"), environment);
        Files.writeString(folder.resolve("route"), """
                Iface Destination Gateway Flags RefCnt Use Metric Mask
                eth0 00000000 0100000A 0003 0 0 100 00000000
                """);
        return new HostAddresses(
                        folder.resolve("environment"),
                        Optional.of(metadata()),
                        new DefaultRoute(
                                folder.resolve("route"), folder.resolve("if_inet6"), name -> List.of("10.0.0.77")))
                .choose(Optional.of(publicFlag).filter(flag -> !flag.isEmpty()), Optional.empty());
    }

    @Test
    void theTokenIsFetchedFirstAndSentWithEachQuestion() throws IOException {
        assertThat(metadata().read()).contains(new Addresses("203.0.113.25", "10.251.50.12"));
        assertThat(asked)
                .containsExactly(
                        "PUT /latest/api/token",
                        "GET /latest/meta-data/public-ipv4",
                        "GET /latest/meta-data/local-ipv4",
                        "GET /latest/meta-data/ipv6");
    }

    @Test
    void whatTheInstanceHasNotIsEmpty() throws IOException {
        categories.remove("public-ipv4");
        categories.put("ipv6", "2001:db8:0:0::25");
        assertThat(metadata().read()).contains(new Addresses("", "10.251.50.12", "2001:db8::25", ""));
        categories.clear();
        assertThat(metadata().read()).isEmpty();
    }

    @Test
    void flagsAndFileComeFirstAndTheDefaultRouteLast() throws IOException {
        assertThat(choose("", "")).isEqualTo(new Addresses("203.0.113.25", "10.251.50.12"));
        assertThat(choose("198.51.100.1", "")).isEqualTo(new Addresses("198.51.100.1", "10.251.50.12"));
        assertThat(choose("", "COREOS_PRIVATE_IPV4=10.9.9.9\n")).isEqualTo(new Addresses("203.0.113.25", "10.9.9.9"));
        asked.clear();
        assertThat(choose("198.51.100.1", "COREOS_PRIVATE_IPV4=10.9.9.9\n"))
                .isEqualTo(new Addresses("198.51.100.1", "10.9.9.9"));
        assertThat(asked).as("nothing is left to ask").isEmpty();
        categories.clear();
        assertThat(choose("", "")).isEqualTo(new Addresses("", "10.0.0.77"));
    }

    @Test
    void aServiceThatIsSwitchedOffIsNotReplacedByAGuess() {
        tokenStatus = 403;
        assertThatIOException()
                .isThrownBy(() -> metadata().read())
                .withMessage("PUT /latest/api/token is answered 403");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose("", ""))
                .withMessageContaining("--ec2-metadata")
                .withMessageContaining("403");
    }

    @Test
    void anAnswerThatIsNoAddressIsNone() {
        categories.put("local-ipv4", "10.0.0.1; rm");
        assertThatIOException().isThrownBy(() -> metadata().read());
        categories.put("local-ipv4", "elsewhere");
        assertThatIOException().isThrownBy(() -> metadata().read()).withMessageContaining("elsewhere");
    }

    @Test
    void oneThatIsSilentIsWaitedForThatLongAndNoLonger() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Ec2Metadata metadata =
                    new Ec2Metadata(URI.create("http://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(300));
            long begun = System.nanoTime();
            assertThatIOException().isThrownBy(metadata::read).withMessage("no answer within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
        }
    }
}
