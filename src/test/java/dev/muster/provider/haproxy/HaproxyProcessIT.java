package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.testkit.ChildJvm;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose HAProxy it is, how long it lives, and how it is found again. */
class HaproxyProcessIT {

    private final HaproxyFixture haproxy = new HaproxyFixture();
    private Provider provider = haproxy.open();
    private Backend one;
    private Desired web;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        web = Desired.nothing().up("web", "one", one.port());
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        provider.close();
        haproxy.close();
    }

    private int status() throws Exception {
        return Client.get(haproxy.port, "web", "/").status();
    }

    @Test
    void it_outlives_its_provider_and_the_next_one_adopts_it_without_a_reload() throws Exception {
        web.applyTo(provider);
        Workers before = haproxy.workers();
        provider.close();
        assertThat(status()).isEqualTo(200);
        assertThat(haproxy.disturbed).hasValue(0);
        provider = haproxy.open();
        assertThat(web.applyTo(provider).changes()).isEmpty();
        Workers after = haproxy.workers(); // an old one of the start may still be leaving
        assertThat(after.master()).isEqualTo(before.master());
        assertThat(after.current()).isEqualTo(before.current());
    }

    @Test
    void killed_it_says_so_at_once_and_is_back_at_the_next_look() throws Exception {
        web.applyTo(provider);
        long master = haproxy.workers().master();
        HaproxyFixture.kill(master, true);
        await().atMost(HaproxyFixture.patience()).until(() -> haproxy.disturbed.get() == 1);
        assertThatThrownBy(this::status).isInstanceOf(java.io.IOException.class);
        assertThat(web.applyTo(provider).changes()).isEmpty();
        assertThat(status()).isEqualTo(200);
        assertThat(haproxy.workers().master()).isNotEqualTo(master);
    }

    @Test
    void an_adopted_one_is_watched_too() throws Exception {
        web.applyTo(provider);
        provider.close();
        provider = haproxy.open();
        web.applyTo(provider);
        HaproxyFixture.kill(haproxy.workers().master(), true);
        await().atMost(HaproxyFixture.patience()).until(() -> haproxy.disturbed.get() == 1);
    }

    @Test
    void a_tied_one_ends_with_its_process_even_when_that_is_killed() throws Exception {
        for (String tie : List.of("tied", "free")) {
            Process jvm = ChildJvm.start(
                    ProviderMain.class,
                    haproxy.folder.resolve(tie + ".log"),
                    haproxy.folder.toString(),
                    Integer.toString(haproxy.port),
                    tie);
            HaproxyFixture.awaitWorker(haproxy);
            Workers workers = haproxy.workers();
            jvm.destroyForcibly().waitFor();
            if (tie.equals("tied")) {
                await().atMost(HaproxyFixture.patience())
                        .until(() -> ProcessHandle.of(workers.master()).isEmpty()
                                && ProcessHandle.of(workers.current()).isEmpty());
            } else {
                assertThat(haproxy.workers()).as("and a free one lives on").isEqualTo(workers);
            }
        }
    }

    @Test
    void a_tied_one_ends_when_its_provider_is_closed() throws Exception {
        try (Provider tied =
                new HaproxyProvider("haproxy", haproxy.config(true), true, haproxy.disturbed::incrementAndGet)) {
            web.applyTo(tied);
            assertThat(status()).isEqualTo(200);
        }
        assertThat(haproxy.master().find()).isEmpty();
        assertThat(haproxy.disturbed).hasValue(0);
    }

    @Test
    void where_none_runs_and_none_may_be_started_it_says_what_to_do() throws Exception {
        try (Provider driven = new HaproxyProvider("haproxy", haproxy.config(false), false, () -> {})) {
            assertThatThrownBy(driven::actual)
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContaining("master.sock")
                    .hasMessageContaining("--haproxy-run");
            web.applyTo(provider);
            assertThat(web.applyTo(driven).changes())
                    .as("one that somebody else runs")
                    .isEmpty();
        }
    }

    @Test
    void a_persons_file_with_proxies_is_not_taken_away_and_a_package_s_is_kept_beside() throws Exception {
        String persons = "listen theirs\n    mode http\n    bind 127.0.0.1:1\n";
        Files.writeString(haproxy.file, persons);
        assertThatThrownBy(() -> web.applyTo(provider))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("is not Muster's")
                .hasMessageContaining(haproxy.snippets.toString());
        assertThat(haproxy.text()).isEqualTo(persons);

        String packaged = "global\n    daemon\ndefaults\n    timeout connect 5000\n";
        Files.writeString(haproxy.file, packaged);
        web.applyTo(provider);
        assertThat(status()).isEqualTo(200);
        assertThat(haproxy.folder.resolve("haproxy.cfg.before-muster")).hasContent(packaged);
    }

    @Test
    void a_bind_that_cannot_be_had_is_said_in_haproxys_words() throws Exception {
        try (java.net.ServerSocket taken =
                new java.net.ServerSocket(haproxy.port, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> web.applyTo(provider))
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContaining("Address already in use");
        }
        web.applyTo(provider);
        assertThat(status()).isEqualTo(200);
    }
}
