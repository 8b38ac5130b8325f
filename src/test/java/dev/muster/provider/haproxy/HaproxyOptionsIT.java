package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.muster.provider.Provider;
import dev.muster.testkit.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings ask of a backend and of its servers, also of those that join while HAProxy runs. */
class HaproxyOptionsIT {

    @TempDir
    Path issued;

    private final HaproxyFixture haproxy = fixture();
    private final Provider provider = haproxy.open();
    private final AtomicInteger health = new AtomicInteger(200);
    private final AtomicReference<String> askedHost = new AtomicReference<>("");

    HaproxyFixture fixture() {
        return new HaproxyFixture();
    }

    /** Whether the machine on which it runs has authorities of its own. */
    boolean knowsAuthorities() {
        return true;
    }

    @AfterEach
    void stop() throws Exception {
        provider.close();
        haproxy.close();
    }

    private Client.Answer get(String service) throws Exception {
        return Client.get(haproxy.port, service, "/");
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private <S extends HttpServer> S serving(S server) {
        server.createContext("/", exchange -> {
            byte[] body = "served".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/health", exchange -> {
            askedHost.set(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(health.get(), -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void serves(String service, int status) {
        await().atMost(HaproxyFixture.patience())
                .untilAsserted(() -> assertThat(get(service).status()).isEqualTo(status));
    }

    @Test
    void without_an_instance_in_service_the_answer_names_the_service() throws Exception {
        Desired.nothing().http("web").applyTo(provider);
        Client.Answer answer = get("web");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("muster: no instance of service 'web' is in service\n");
    }

    @Test
    void an_instance_whose_health_path_fails_gets_nothing_whether_it_was_there_or_joined() throws Exception {
        HttpServer server = serving(HttpServer.create(anyPort(), 0));
        try {
            int port = server.getAddress().getPort();
            Desired empty = Desired.nothing()
                    .set(
                            "web",
                            "health_url",
                            "health?full=1",
                            "haproxy_options",
                            "check_interval=250ms,check_host=web.example");
            empty.applyTo(provider);
            Desired web = empty.up("web", "web01", port);
            long worker = haproxy.workers().current();
            web.applyTo(provider);
            assertThat(haproxy.workers().current()).as("it joins at run time").isEqualTo(worker);
            assertThat(get("web").body()).isEqualTo("served");
            health.set(500);
            serves("web", 503);
            assertThat(askedHost).hasValue("web.example");
            health.set(204);
            serves("web", 200);

            haproxy.master().reload(haproxy.workers());
            web.applyTo(provider);
            health.set(500);
            serves("web", 503);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void instances_are_spoken_to_with_tls_and_believed_only_with_the_right_certificate() throws Exception {
        Certificates certificates = new Certificates(issued, "ca").issue("inside", "DNS:web.internal");
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(
                TlsClient.server(certificates.certificate("inside"), certificates.key("inside"))));
        serving(server);
        try {
            int port = server.getAddress().getPort();
            Desired plain = Desired.nothing().up("web", "web01", port);
            plain.applyTo(provider);
            assertThat(get("web").body()).as("no TLS is spoken").isNotEqualTo("served");
            plain.set("web", "server_tls", "no-verify").applyTo(provider);
            serves("web", 200);

            String ca = Files.readString(certificates.authority());
            Desired verified = Desired.nothing()
                    .set("web", "server_tls", "verify", "server_tls_ca", ca, "server_tls_name", "web.internal");
            verified.applyTo(provider);
            verified.up("web", "web02", port).applyTo(provider);
            serves("web", 200);
            assertThat(verified.up("web", "web02", port).applyTo(provider).changes())
                    .isEmpty();

            Desired misnamed = verified.set("web", "server_tls_name", "shop.internal");
            misnamed.applyTo(provider);
            misnamed.up("web", "web03", port).applyTo(provider);
            serves("web", 503);
            if (knowsAuthorities()) {
                Desired.nothing()
                        .set("web", "server_tls", "verify")
                        .up("web", "web04", port)
                        .applyTo(provider);
                serves("web", 503);
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void every_option_is_one_that_haproxy_takes_in_the_file_and_at_run_time() throws Exception {
        String all =
                "balance=%s,timeout_connect=2s,timeout_queue=1s,timeout_server=30s,timeout_tunnel=2h,retries=2,maxconn=10,"
                        + "http_reuse=always,compression=gzip,check_interval=3s,check_fall=3,check_rise=4,check_status=200-299";
        try (Backend one = new Backend("one")) {
            for (String balance : new String[] {"roundrobin", "leastconn", "random", "source"}) {
                Desired web =
                        Desired.nothing().set("web", "health_url", "/", "haproxy_options", all.formatted(balance));
                web.applyTo(provider);
                long worker = haproxy.workers().current();
                web.up("web", "one", one.port()).applyTo(provider);
                assertThat(haproxy.workers().current()).isEqualTo(worker);
                assertThat(get("web").body()).isEqualTo("one");
                Desired tcp = Desired.nothing().tcp("db").set("db", "haproxy_options", all.formatted(balance));
                tcp.applyTo(provider);
                tcp.up("db", "one", one.port()).applyTo(provider);
                assertThat(tcp.up("db", "one", one.port()).applyTo(provider).changes())
                        .isEmpty();
            }
        }
    }

    @Test
    void more_than_a_server_may_have_at_a_time_waits() throws Exception {
        try (Backend one = new Backend("one")) {
            Desired web = Desired.nothing().set("web", "haproxy_options", "maxconn=1,timeout_queue=100ms");
            web.applyTo(provider);
            web.up("web", "one", one.port()).applyTo(provider);
            try (Client slow = new Client(haproxy.port)) {
                slow.send("GET", "web", "/slow", "");
                await().until(() -> one.begun.availablePermits() == 1);
                assertThat(get("web").status())
                        .as("it waited for its turn and none came")
                        .isEqualTo(503);
                one.let.countDown();
                assertThat(slow.receive().status()).isEqualTo(200);
            }
        }
    }
}
