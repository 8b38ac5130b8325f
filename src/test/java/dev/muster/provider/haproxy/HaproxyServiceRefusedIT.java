package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.plan.Refusal;
import dev.muster.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Services that HAProxy refuses, each in its own way, in one file with others that it takes; asked all the time. */
@Tag("fault-35")
class HaproxyServiceRefusedIT {

    private final HaproxyFixture haproxy = new HaproxyFixture();
    private Provider provider = haproxy.open();
    private Backend one;
    private Backend two;
    private Desired good;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        two = new Backend("two");
        good = Desired.nothing().up("web", "one", one.port()).up("app", "one", one.port());
        good.applyTo(provider);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        provider.close();
        haproxy.close();
    }

    private String get(String service) throws Exception {
        return Client.get(haproxy.port, service, "/").body();
    }

    @Test
    void keep_no_other_one_waiting_and_stay_as_they_were() throws Exception {
        Desired bad = good.set("web", "health_url", "/", "haproxy_options", "check_status=399-200")
                .set("app", "haproxy_options", "retries=2")
                .up("new", "one", one.port())
                .set("new", "health_url", "/", "haproxy_options", "check_status=399-200")
                .up("web", "two", two.port())
                .withoutPorts("web", one.port())
                .up("more", "two", two.port());
        try (Load load = new Load(2, "GET", haproxy.port, "web")) {
            await().until(() -> load.answered.get() > 100);
            bad.applyTo(provider);
            assertThat(get("more")).isEqualTo("two");
            assertThat(get("web")).as("its servers follow").isEqualTo("two");
            assertThat(Client.get(haproxy.port, "new", "/").status()).isEqualTo(503);
            assertThat(haproxy.text()).contains("retries 2").doesNotContain("399-200");
            int seen = load.answered.get();
            await().until(() -> load.answered.get() > seen + 100);
            assertThat(load.failures).isEmpty();
        }
        assertThat(provider.refusals()).containsOnlyKeys("new", "web");
        assertThat(provider.refusals().values())
                .extracting(Refusal::what)
                .containsOnly("setting haproxy_options, health_url");
        assertThat(provider.refusals().values())
                .extracting(Refusal::why)
                .satisfiesExactly(
                        why -> assertThat(why).contains("haproxy.cfg:", "399-200", "it is left out"),
                        why -> assertThat(why).contains("haproxy.cfg:", "399-200", "as it was accepted last"));
        assertThat(provider.possible(bad.services())).isEqualTo(provider.actual());

        Workers workers = haproxy.workers();
        provider.actual();
        provider.close();
        provider = haproxy.open();
        bad.applyTo(provider);
        assertThat(provider.refusals()).as("found by the next watcher too").containsOnlyKeys("new", "web");
        assertThat(haproxy.workers()).as("for nothing new nothing is reloaded").isEqualTo(workers);

        Desired mended = bad.set("web", "haproxy_options", "timeout_server=9h").set("new", "haproxy_options", "");
        mended.applyTo(provider);
        assertThat(provider.refusals()).isEmpty();
        assertThat(get("new")).isEqualTo("one");
        assertThat(haproxy.text()).contains("timeout server 9h");
        assertThat(mended.applyTo(provider).changes()).isEmpty();
    }

    /** HAProxy names a line of the person's; that the file cannot do without a service is found by trying. */
    @Test
    void one_that_a_snippet_needs_stays_without_servers() throws Exception {
        haproxy.snippet(
                "mine.cfg",
                "frontend mine\n    mode http\n    bind 127.0.0.1:%d\n    use_backend app if TRUE\n"
                        .formatted(HaproxyFixture.freePort()));
        good.http("other").applyTo(provider);
        Desired less = good.http("other").without("app").up("more", "two", two.port());
        less.applyTo(provider);
        assertThat(get("more")).isEqualTo("two");
        assertThat(provider.refusals()).containsOnlyKeys("app");
        assertThat(haproxy.runtime().look().servers())
                .extracting(ServerRow::backend)
                .doesNotContain("app");
    }

    /** As after an update of HAProxy, which no longer takes what an older one took. */
    @Test
    void where_nothing_runs_one_that_stands_in_the_file_is_left_out() throws Exception {
        provider.close();
        HaproxyFixture.kill(haproxy.workers().master(), true);
        String edited = haproxy.text()
                .replace(
                        "# muster service app http\n",
                        "# muster service app http\n# muster setting haproxy_options check_status=399-200\n# muster setting health_url /\n");
        java.nio.file.Files.writeString(haproxy.file, edited);
        provider = haproxy.open();
        assertThat(provider.actual()).containsOnlyKeys("web");
        assertThat(get("web")).isEqualTo("one");
        assertThat(List.copyOf(provider.refusals().keySet())).containsExactly("app");
    }
}
