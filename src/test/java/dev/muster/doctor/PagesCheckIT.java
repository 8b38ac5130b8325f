package dev.muster.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against real ports of this machine. */
class PagesCheckIT {

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void aRoleThatIsReadySaysSo() throws Exception {
        answer(200, "text/plain; charset=utf-8", "ready\n");
        assertThat(look("nobody")).containsExactly("OK agent-http: the agent at %s is ready".formatted(place()));
    }

    @Test
    void aRoleThatIsNotReadySaysWhy() throws Exception {
        answer(503, "text/plain; charset=utf-8", "etcd cannot be reached\n");
        assertThat(look("nobody"))
                .singleElement()
                .asString()
                .startsWith(
                        "WARN agent-http: the agent at %s is not ready: etcd cannot be reached ->".formatted(place()));
    }

    @Test
    void somebodyElseAtThatPortIsNamed() throws Exception {
        answer(200, "text/html", "ready");
        assertThat(look("nobody"))
                .singleElement()
                .asString()
                .startsWith("FAIL agent-http: %s, for the agent's pages, is held by process %d"
                        .formatted(place(), ProcessHandle.current().pid()));
        assertThat(look("java")).allMatch(line -> line.startsWith("OK"));
    }

    @Test
    void whereNobodyListensThePortIsFree() throws Exception {
        HostPort place = place();
        server.stop(0);
        assertThat(look("nobody", place))
                .containsExactly("OK agent-http: %s is free for the agent's pages (--http)".formatted(place));
    }

    private List<String> look(String kin) throws InterruptedException {
        return look(kin, place());
    }

    private static List<String> look(String kin, HostPort place) throws InterruptedException {
        return Seen.by(new PagesCheck(
                "agent",
                place,
                new PortCheck(
                        Area.HOST,
                        "agent-http",
                        "the agent's pages",
                        "--http",
                        List.of(place),
                        kin,
                        new Listeners(Path.of("/proc")))));
    }

    private HostPort place() {
        return new HostPort("127.0.0.1", server.getAddress().getPort());
    }

    private void answer(int status, String type, String body) {
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }
}
