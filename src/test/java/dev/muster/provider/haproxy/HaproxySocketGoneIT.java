package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.provider.Provider;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HAProxy whose socket files were removed, or that somebody else reloaded. */
@Tag("fault-41")
class HaproxySocketGoneIT {

    private final HaproxyFixture haproxy = new HaproxyFixture();
    private final Provider provider = haproxy.open();
    private Backend one;
    private Backend two;
    private Desired web;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        two = new Backend("two");
        web = Desired.nothing().up("web", "one", one.port());
        web.applyTo(provider);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        provider.close();
        haproxy.close();
    }

    @Test
    void without_the_runtime_socket_nothing_is_missed() throws Exception {
        Files.delete(haproxy.folder.resolve("admin.sock"));
        long worker = haproxy.workers().current();
        web.up("web", "two", two.port()).withoutPorts("web", one.port()).applyTo(provider);
        assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("two");
        assertThat(haproxy.workers().current()).isEqualTo(worker);
    }

    @Test
    void without_the_master_socket_another_one_takes_over_and_no_request_is_lost() throws Exception {
        long master = haproxy.workers().master();
        try (Load load = new Load(4, "GET", haproxy.port, "web")) {
            org.awaitility.Awaitility.await().until(() -> load.answered.get() > 100);
            Files.delete(haproxy.folder.resolve("master.sock"));
            web.up("web", "two", two.port()).applyTo(provider);
            assertThat(haproxy.workers().master()).isNotEqualTo(master);
            org.awaitility.Awaitility.await().atMost(HaproxyFixture.patience()).until(() -> two.requests.get() > 100);
            assertThat(load.failures).isEmpty();
        }
        org.awaitility.Awaitility.await()
                .atMost(HaproxyFixture.patience())
                .until(() -> ProcessHandle.of(master).isEmpty());
    }

    @Test
    void a_reload_by_somebody_else_changes_nothing() throws Exception {
        Desired drained = web.target("web", "two", two.port(), dev.muster.model.InstanceState.DRAINING, 100);
        drained.applyTo(provider);
        long worker = haproxy.workers().current();
        haproxy.master().reload(haproxy.workers());
        assertThat(haproxy.workers().current()).isNotEqualTo(worker);
        for (int i = 0; i < 10; i++) {
            assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
        }
        drained.applyTo(provider);
        assertThat(drained.applyTo(provider).changes()).isEmpty();
        assertThat(haproxy.runtime().look().servers())
                .filteredOn(ServerRow::draining)
                .hasSize(1);
    }
}
