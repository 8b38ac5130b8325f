package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.provider.Provider;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers come, go and drain in the worker that runs, and no request notices. */
class HaproxyServersIT {

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

    private Client.Answer get(String path) throws Exception {
        return Client.get(haproxy.port, "web", path);
    }

    private Map<String, Integer> distribution(int requests) throws Exception {
        Map<String, Integer> answers = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(get("/").body(), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void a_server_joins_without_a_reload_and_answers_at_once() throws Exception {
        Desired.nothing().http("web").applyTo(provider);
        assertThat(get("/").status()).as("nobody is there yet").isEqualTo(503);
        long worker = haproxy.workers().current();
        double[] millis = new double[20];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            Desired.nothing().up("web", "one", one.port()).applyTo(provider);
            assertThat(get("/").body()).isEqualTo("one");
            millis[i] = (System.nanoTime() - start) / 1e6;
            Desired.nothing().http("web").applyTo(provider);
            assertThat(get("/").status()).isEqualTo(503);
        }
        Arrays.sort(millis);
        System.out.printf("add + enable + first answer: p50 %.1f ms, most %.1f ms%n", millis[10], millis[19]);
        assertThat(haproxy.workers().current()).as("no reload").isEqualTo(worker);

        long start = System.nanoTime();
        Desired.nothing().http("web").up("app", "one", one.port()).applyTo(provider);
        assertThat(Client.get(haproxy.port, "app", "/").body()).isEqualTo("one");
        System.out.printf("new service, with a reload, and first answer: %.1f ms%n", (System.nanoTime() - start) / 1e6);
        assertThat(haproxy.workers().current())
                .as("a new service needs a reload")
                .isNotEqualTo(worker);
    }

    @Test
    void a_server_with_an_ipv6_address_is_one_like_any_other() throws Exception {
        try (Backend six = new Backend("six", InetAddress.ofLiteral("::1"))) {
            Desired all = both.target("web", "six", "::1", six.port(), InstanceState.UP, 100);
            both.applyTo(provider);
            long worker = haproxy.workers().current();
            all.applyTo(provider);
            assertThat(distribution(30)).as("added at run time").containsEntry("six", 10);
            assertThat(all.applyTo(provider).changes()).as("and read back").isEmpty();
            all.http("app").applyTo(provider);
            assertThat(haproxy.workers().current()).as("reloaded from the file").isNotEqualTo(worker);
            assertThat(distribution(30)).containsEntry("six", 10);
            both.http("app").applyTo(provider);
            assertThat(distribution(20)).containsOnlyKeys("one", "two");
        }
    }

    @Test
    void what_its_own_check_has_taken_out_is_known() throws Exception {
        both.applyTo(provider);
        one.close();
        await().untilAsserted(() -> {
            assertThat(both.applyTo(provider).changes())
                    .as("it stays in service")
                    .isEmpty();
            assertThat(provider.failing()).isEqualTo(Map.of("web", Set.of(new Target("127.0.0.1", one.port()))));
        });
        both.target("web", "one", one.port(), InstanceState.DRAINING, 100).applyTo(provider);
        both.target("web", "one", one.port(), InstanceState.DRAINING, 100).applyTo(provider);
        assertThat(provider.failing()).as("nobody asks for more there").isEmpty();
    }

    @Test
    void weights_are_kept() throws Exception {
        both.target("web", "one", one.port(), InstanceState.UP, 150)
                .target("web", "two", two.port(), InstanceState.UP, 50)
                .applyTo(provider);
        assertThat(distribution(40)).containsEntry("one", 30).containsEntry("two", 10);
        both.applyTo(provider);
        assertThat(distribution(40)).containsEntry("one", 20).containsEntry("two", 20);
        both.target("web", "one", one.port(), InstanceState.UP, 0).applyTo(provider);
        assertThat(distribution(10)).containsOnly(Map.entry("two", 10));
    }

    @Test
    void a_draining_server_ends_what_it_has_and_gets_nothing_new() throws Exception {
        both.applyTo(provider);
        try (Client slow = slowRequestOn(one)) {
            int before = one.requests.get();
            both.target("web", "one", one.port(), InstanceState.DRAINING, 100).applyTo(provider);
            assertThat(distribution(20)).containsOnly(Map.entry("two", 20));
            assertThat(one.requests).hasValue(before);
            one.let.countDown();
            assertThat(slow.receive().body()).isEqualTo("one");
            both.applyTo(provider);
            assertThat(distribution(20)).containsKeys("one", "two");
        }
    }

    @Test
    void a_removal_cuts_no_request_and_is_finished_later() throws Exception {
        both.applyTo(provider);
        try (Client slow = slowRequestOn(one)) {
            Desired left = both.withoutPorts("web", one.port());
            left.applyTo(provider);
            assertThat(distribution(20)).containsOnly(Map.entry("two", 20));
            assertThat(left.applyTo(provider).changes()).as("it is out").isEmpty();
            assertThat(haproxy.runtime().look().servers())
                    .as("and still there")
                    .extracting(ServerRow::server)
                    .contains("one:127.0.0.1:" + one.port());
            one.let.countDown();
            assertThat(slow.receive().body()).isEqualTo("one");
        }
        await().atMost(HaproxyFixture.patience()).untilAsserted(() -> {
            assertThat(provider.actual()).containsOnlyKeys("web");
            assertThat(haproxy.runtime().look().servers())
                    .extracting(ServerRow::server)
                    .doesNotContain("one:127.0.0.1:" + one.port());
        });
    }

    @Test
    void one_that_comes_back_while_it_still_leaves_serves_again() throws Exception {
        both.applyTo(provider);
        try (Client slow = slowRequestOn(one)) {
            both.withoutPorts("web", one.port()).applyTo(provider);
            both.applyTo(provider);
            assertThat(distribution(20)).containsKeys("one", "two");
            one.let.countDown();
            assertThat(slow.receive().body()).isEqualTo("one");
        }
    }

    @Test
    void a_server_that_died_costs_no_request() throws Exception {
        both.applyTo(provider);
        try (Load gets = new Load(4, "GET", haproxy.port, "web")) {
            await().until(() -> gets.answered.get() > 200);
            one.close();
            // Only then: a POST that waits in the backlog of a listener that closes is lost, and must not be sent
            // twice.
            await().until(() -> isRefused(one.port()));
            try (Load posts = new Load(4, "POST", haproxy.port, "web")) {
                int seen = gets.answered.get();
                await().atMost(HaproxyFixture.patience())
                        .until(() -> gets.answered.get() > seen + 1000 && posts.answered.get() > 1000);
                assertThat(posts.failures)
                        .as("a refused connection is no request yet")
                        .isEmpty();
            }
            assertThat(gets.failures).isEmpty();
        }
        assertThat(haproxy.stat("web", "wredis"))
                .as("requests that were sent elsewhere")
                .isPositive();
    }

    private static boolean isRefused(int port) throws IOException {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** Asks until it is this one that has it. */
    private Client slowRequestOn(Backend wanted) throws Exception {
        while (true) {
            Client client = new Client(haproxy.port);
            client.send("GET", "web", "/slow", "");
            await().atMost(HaproxyFixture.patience())
                    .until(() -> one.begun.availablePermits() + two.begun.availablePermits() > 0);
            if (wanted.begun.tryAcquire()) {
                return client;
            }
            Backend other = wanted == one ? two : one;
            other.begun.acquire();
            client.close();
        }
    }

    @Test
    void thousands_of_changes_are_in_force_together_without_a_reload() throws Exception {
        try (Backend many = new Backend("many", InetAddress.getByName("0.0.0.0"))) {
            // Its checks must not take the machine: one of each server in the whole test.
            Desired none = Desired.nothing().set("web", "haproxy_options", "check_interval=10m");
            none.applyTo(provider);
            long worker = haproxy.workers().current();
            Desired half = fleet(none, many, 0, 1000, InstanceState.UP);
            timed("2,000 servers join", fleet(half, many, 1000, 2000, InstanceState.UP));
            assertThat(get("/").body()).isEqualTo("many");
            timed("1,000 of 2,000 drain", fleet(half, many, 1000, 2000, InstanceState.DRAINING));
            assertThat(haproxy.runtime().look().servers())
                    .filteredOn(ServerRow::draining)
                    .hasSize(1000);
            timed("1,000 of 2,000 leave", half);
            assertThat(haproxy.workers().current()).as("no reload").isEqualTo(worker);
            timed("a reload with 1,000", half.http("app"));
            assertThat(haproxy.runtime().look().servers())
                    .filteredOn(row -> row.backend().equals("web"))
                    .hasSize(1000)
                    .allMatch(row -> row.admin() == 0);
        }
    }

    private void timed(String what, Desired desired) throws Exception {
        long start = System.nanoTime();
        desired.applyTo(provider);
        System.out.printf("%s: %.0f ms until it is in force%n", what, (System.nanoTime() - start) / 1e6);
        assertThat(desired.applyTo(provider).changes()).as(what).isEmpty();
    }

    private static Desired fleet(Desired before, Backend at, int from, int to, InstanceState state) {
        Desired fleet = before;
        for (int i = from; i < to; i++) {
            fleet = fleet.target(
                    "web", "web%04d".formatted(i), "127.1.%d.%d".formatted(i / 250, i % 250), at.port(), state, 100);
        }
        return fleet;
    }
}
