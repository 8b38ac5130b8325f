package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.provider.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes on over a reload goes on, and what was decided before it still counts after it. */
class HaproxyReloadIT {

    /** Columns of a server's state: 0 is down; seconds since that changed. */
    private static final int OPERATIONAL = 5;

    private static final int SINCE = 9;

    /** Seconds; what is carried over a start that takes none is told by it from what is not. */
    private static final int LONG = 3;

    private static final String UPGRADE = String.join(
            "\r\n",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    private final HaproxyFixture haproxy = fixture();
    private final Provider provider = haproxy.open();
    private Backend one;
    private Backend two;
    private Desired both;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        two = new Backend("two");
        both = Desired.nothing().up("web", "one", one.port()).up("web", "two", two.port());
        both.applyTo(provider);
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

    @Test
    void a_websocket_and_a_long_request_live_through_server_changes_and_reloads() throws Exception {
        long worker = haproxy.workers().current();
        try (Client socket = new Client(haproxy.port);
                Client slow = new Client(haproxy.port)) {
            socket.send("GET", "web", "/echo", UPGRADE);
            assertThat(socket.hear()).startsWith("HTTP/1.1 101");
            await().until(() -> socket.hear().isEmpty());
            slow.send("GET", "web", "/slow", "");
            await().until(() -> one.begun.availablePermits() + two.begun.availablePermits() == 1);

            both.target("web", "one", one.port(), InstanceState.DRAINING, 100).applyTo(provider);
            both.target("web", "two", two.port(), InstanceState.DRAINING, 100).applyTo(provider);
            both.applyTo(provider);
            both.http("app").applyTo(provider);
            both.http("app").http("other").applyTo(provider);
            assertThat(haproxy.workers().current()).isNotEqualTo(worker);
            assertThat(haproxy.workers().old()).as("it has the old connections").contains(worker);

            socket.say("hello");
            assertThat(socket.hear()).endsWith("hello");
            one.let.countDown();
            two.let.countDown();
            assertThat(slow.receive().status()).isEqualTo(200);
        }
        await().atMost(HaproxyFixture.patience())
                .until(() -> !haproxy.workers().old().contains(worker));
    }

    @Test
    void requests_under_way_are_counted_over_reloads_until_they_end() throws Exception {
        Target target = new Target("127.0.0.1", one.port());
        SortedMap<String, SortedSet<Target>> asked = new TreeMap<>(Map.of("web", new TreeSet<>(Set.of(target))));
        Desired alone = Desired.nothing().up("web", "one", one.port());
        alone.applyTo(provider);
        try (Client slow = new Client(haproxy.port);
                Client socket = new Client(haproxy.port)) {
            slow.send("GET", "web", "/slow", "");
            await().until(() -> one.begun.availablePermits() == 1);
            long first = haproxy.workers().current();
            both.target("web", "one", one.port(), InstanceState.DRAINING, 100)
                    .http("app")
                    .applyTo(provider);
            assertThat(haproxy.workers().old()).containsExactly(first);
            assertThat(provider.inFlight(asked)).isEqualTo(Map.of("web", Map.of(target, 1)));

            both.applyTo(provider);
            alone.applyTo(provider);
            socket.send("GET", "web", "/echo", UPGRADE);
            assertThat(socket.hear()).startsWith("HTTP/1.1 101");
            assertThat(provider.inFlight(asked)).as("in two workers").isEqualTo(Map.of("web", Map.of(target, 2)));

            one.let.countDown();
            assertThat(slow.receive().status()).isEqualTo(200);
            slow.close();
            await().atMost(HaproxyFixture.patience())
                    .until(() -> provider.inFlight(asked).equals(Map.of("web", Map.of(target, 1))));
        }
        await().atMost(HaproxyFixture.patience())
                .until(() -> provider.inFlight(asked).equals(Map.of("web", Map.of(target, 0))));
    }

    @Test
    void reloads_under_load_lose_no_request_of_kept_connections() throws Exception {
        try (Load gets = new Load(4, "GET", haproxy.port, "web");
                Load posts = new Load(4, "POST", haproxy.port, "web")) {
            for (int i = 0; i < 5; i++) {
                int seen = gets.answered.get() + posts.answered.get();
                await().atMost(HaproxyFixture.patience())
                        .until(() -> gets.answered.get() + posts.answered.get() > seen + 300);
                long worker = haproxy.workers().current();
                both.http("service" + i).applyTo(provider);
                assertThat(haproxy.workers().current()).isNotEqualTo(worker);
            }
            assertThat(gets.failures).isEmpty();
            assertThat(posts.failures).isEmpty();
        }
    }

    @Test
    void an_idle_connection_of_the_old_worker_is_served_by_the_new_one() throws Exception {
        try (Client kept = new Client(haproxy.port)) {
            Client.Answer first = kept.request("GET", "web", "/");
            assertThat(first.closes()).isFalse();
            long worker = haproxy.workers().current();
            both.http("app").applyTo(provider);
            assertThat(haproxy.workers().old()).containsExactly(worker);
            // Whoever knew only the state before the reload would send half of the requests to the one that drains.
            Backend drained = first.body().equals("one") ? two : one;
            both.http("app")
                    .target("web", drained == one ? "one" : "two", drained.port(), InstanceState.DRAINING, 100)
                    .applyTo(provider);
            int before = drained.requests.get();
            Client.Answer last = kept.request("GET", "web", "/forwarded");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.body()).as("the client's own address, once").isEqualTo("127.0.0.1");
            assertThat(last.closes()).isTrue();
            assertThat(drained.requests).hasValue(before);
        }
    }

    @Test
    void servers_stay_down_or_drained_over_a_reload() throws Exception {
        both.target("web", "one", one.port(), InstanceState.DRAINING, 100).applyTo(provider);
        two.close();
        await().atMost(HaproxyFixture.patience())
                .until(() -> column("two", OPERATIONAL) == 0 && column("two", SINCE) >= LONG);
        both.target("web", "one", one.port(), InstanceState.DRAINING, 100)
                .http("app")
                .applyTo(provider);
        assertThat(column("two", OPERATIONAL)).isZero();
        assertThat(column("two", SINCE)).as("not found out anew").isGreaterThanOrEqualTo(LONG);
        assertThat(haproxy.runtime().look().servers())
                .filteredOn(row -> row.server().startsWith("one:"))
                .singleElement()
                .satisfies(row -> assertThat(row.draining()).isTrue());

        long killed = System.nanoTime();
        HaproxyFixture.kill(haproxy.workers().master(), true);
        provider.actual();
        int since = column("two", SINCE);
        // However long a busy machine takes to start it: of whole seconds, the last is cut off on one side.
        assertThat(since)
                .as("a fresh start knows nothing of the time before it")
                .isLessThanOrEqualTo(
                        (int) Duration.ofNanos(System.nanoTime() - killed).toSeconds() + 1);
        assertThat(haproxy.runtime().look().servers())
                .filteredOn(row -> row.server().startsWith("one:"))
                .singleElement()
                .satisfies(row -> assertThat(row.weight()).isZero());
    }

    private int column(String instance, int column) throws Exception {
        String line = haproxy.runtime().look().servers().stream()
                .filter(row -> row.server().startsWith(instance + ":"))
                .findFirst()
                .orElseThrow()
                .line();
        return Integer.parseInt(line.split(" ", -1)[column]);
    }
}
