package dev.muster.provider.haproxy;

import static dev.muster.provider.haproxy.Desired.host;
import static dev.muster.provider.haproxy.Desired.path;
import static dev.muster.provider.haproxy.Desired.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Route;
import dev.muster.plan.Change;
import dev.muster.provider.Provider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests find their service, and only that one. */
class HaproxyRoutesIT {

    private final HaproxyFixture haproxy = fixture();
    private final Provider provider = haproxy.open();
    private Backend one;
    private Backend two;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        two = new Backend("two");
    }

    HaproxyFixture fixture() {
        return new HaproxyFixture();
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        provider.close();
        haproxy.close();
    }

    private String get(String host, String path) throws IOException {
        Client.Answer answer = Client.get(haproxy.port, host, path);
        return answer.status() == 200 ? answer.body() : Integer.toString(answer.status());
    }

    @Test
    void by_name_in_any_case_and_with_a_port() throws Exception {
        Desired.nothing()
                .up("web", "one", one.port())
                .up("Shop.Example", "two", two.port())
                .applyTo(provider);
        assertThat(get("web", "/")).isEqualTo("one");
        assertThat(get("WEB:8080", "/x?y")).isEqualTo("one");
        assertThat(get("shop.example:80", "/")).isEqualTo("two");
        assertThat(get("webx", "/")).isEqualTo("503");
        assertThat(get("", "/")).isEqualTo("503");
    }

    @Test
    void nobody_is_told_who_was_asked_for_and_nothing_more() throws Exception {
        Desired.nothing().up("web", "one", one.port()).applyTo(provider);
        Client.Answer odd = Client.get(haproxy.port, "<script>alert(1)</script>%[src]", "/");
        // HAProxy 3.0 does not even take it for a request.
        assertThat(odd.status()).isIn(503, 400);
        assertThat(odd.body()).doesNotContain("<script>", "127.0.0.1");
        assertThat(Client.get(haproxy.port, "a!b'c(d)", "/").body())
                .isEqualTo("muster: no service for host 'a?b?c?d?'\n");
        assertThat(Client.get(haproxy.port, "nosuch.example:8080", "/").body()).contains("'nosuch.example'");
    }

    @Test
    void by_host_and_by_the_longest_path_at_whole_segments() throws Exception {
        Desired.nothing()
                .http("a", path("/api"))
                .up("a", "one", one.port())
                .http("b", path("/api/v2"), new Route("www.example.com", "/shop", 0), host("b.example.com"))
                .up("b", "two", two.port())
                .applyTo(provider);
        assertThat(get("any", "/api")).isEqualTo("one");
        assertThat(get("any", "/api/")).isEqualTo("one");
        assertThat(get("any", "/api/v1?q")).isEqualTo("one");
        assertThat(get("any", "/api/v2/x")).isEqualTo("two");
        assertThat(get("any", "/api/v21")).isEqualTo("one");
        assertThat(get("any", "/apix")).isEqualTo("503");
        assertThat(get("www.example.com", "/shop/1")).isEqualTo("two");
        assertThat(get("any", "/shop/1")).isEqualTo("503");
        assertThat(get("b.example.com", "/api/v1"))
                .as("a named host before any host")
                .isEqualTo("two");
        assertThat(get("a", "/")).as("its routes take the place of its name").isEqualTo("503");
    }

    @Test
    void by_every_host_below_a_name_the_longest_first() throws Exception {
        Desired.nothing()
                .http("a", host("*.example.com"))
                .up("a", "one", one.port())
                .http("b", host("*.shop.example.com"), new Route("*.example.com", "/b", 0))
                .up("b", "two", two.port())
                .applyTo(provider);
        assertThat(get("x.example.com", "/")).isEqualTo("one");
        assertThat(get("x.y.EXAMPLE.com:8080", "/")).isEqualTo("one");
        assertThat(get("x.shop.example.com", "/")).isEqualTo("two");
        assertThat(get("x.example.com", "/b")).isEqualTo("two");
        assertThat(get("example.com", "/")).as("it is not below itself").isEqualTo("503");
        assertThat(get("badexample.com", "/")).isEqualTo("503");
    }

    @Test
    void by_port_with_http_and_with_tcp() throws Exception {
        int http = HaproxyFixture.freePort();
        int tcp = HaproxyFixture.freePort();
        Desired desired = Desired.nothing()
                .http("admin", port(http))
                .up("admin", "one", one.port())
                .tcp("db", port(tcp))
                .up("db", "two", two.port());
        desired.applyTo(provider);
        assertThat(Client.get(http, "anything", "/").body()).isEqualTo("one");
        assertThat(get("admin", "/")).isEqualTo("503");
        try (Client raw = new Client(tcp)) {
            raw.say("GET /echo\n");
            assertThat(raw.hear()).startsWith("HTTP/1.1 101");
        }
        desired.without("db").applyTo(provider);
        assertThatThrownBy(() -> new Client(tcp).close()).isInstanceOf(IOException.class);
        assertThat(Client.get(http, "anything", "/").body()).isEqualTo("one");
    }

    @Test
    void a_port_that_another_program_has_keeps_only_its_own_route_waiting() throws Exception {
        Desired desired;
        int port;
        try (ServerSocket taken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            desired = Desired.nothing()
                    .tcp("db", port(port))
                    .up("db", "two", two.port())
                    .up("web", "one", one.port());
            desired.applyTo(provider);
            assertThat(get("web", "/")).isEqualTo("one");
            long worker = haproxy.workers().current();
            assertThat(desired.applyTo(provider).changes())
                    .as("what waits is seen")
                    .singleElement()
                    .isInstanceOf(Change.Shape.class);
            assertThat(haproxy.workers().current())
                    .as("waiting needs no reload")
                    .isEqualTo(worker);
        }
        desired.applyTo(provider);
        assertThat(desired.applyTo(provider).changes()).isEmpty();
        try (Client raw = new Client(port)) {
            raw.say("GET /echo\n");
            assertThat(raw.hear()).startsWith("HTTP/1.1 101");
        }
    }
}
