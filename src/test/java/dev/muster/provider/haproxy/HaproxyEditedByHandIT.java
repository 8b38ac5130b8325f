package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.provider.Provider;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person changes the balancer behind Muster's back: its own parts are repaired, the person's stay. */
@Tag("fault-39")
class HaproxyEditedByHandIT {

    private final HaproxyFixture haproxy = new HaproxyFixture();
    private Provider provider = haproxy.open();
    private Backend one;
    private Backend two;
    private Desired web;

    @BeforeEach
    void start() throws Exception {
        one = new Backend("one");
        two = new Backend("two");
        haproxy.snippet(
                "theirs.cfg",
                "frontend theirs\n    bind 127.0.0.1:%d\nbackend theirs\n    balance roundrobin\n"
                        .formatted(HaproxyFixture.freePort()));
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
    void servers_that_were_added_taken_out_or_changed() throws Exception {
        String own = "web/one:127.0.0.1:" + one.port();
        String foreign = "add server %s 127.0.0.1:" + two.port();
        haproxy.runtime()
                .run(List.of(
                        "set server %s weight 3".formatted(own),
                        foreign.formatted("web/two:127.0.0.1:" + two.port()),
                        "set server web/two:127.0.0.1:%d state ready".formatted(two.port()),
                        foreign.formatted("theirs/x"),
                        foreign.formatted("web/x")));
        assertThat(web.applyTo(provider).changes()).hasSize(2);
        assertThat(web.applyTo(provider).changes()).isEmpty();
        assertThat(haproxy.runtime().look().servers())
                .filteredOn(row -> !row.backend().startsWith("_"))
                .extracting(ServerRow::path)
                .containsExactlyInAnyOrder(own, "theirs/x", "web/x");

        haproxy.runtime().run(List.of("set server %s state maint".formatted(own)));
        assertThat(web.applyTo(provider).changes()).hasSize(1);
        assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
    }

    @Test
    void the_file_while_muster_looks() throws Exception {
        String file = haproxy.text();
        Files.writeString(haproxy.file, file.replace("weight 100", "weight 1").replace("retries 4", "retries 0"));
        haproxy.master().reload(haproxy.workers());
        web.applyTo(provider);
        assertThat(haproxy.text()).isEqualTo(file);
        assertThat(web.applyTo(provider).changes()).isEmpty();
    }

    @Test
    void the_file_while_nobody_looks() throws Exception {
        String file = haproxy.text();
        long worker = haproxy.workers().current();
        provider.close();
        Files.writeString(haproxy.file, file.replace("retries 4", "retries 0"));
        haproxy.master().reload(haproxy.workers());
        assertThat(haproxy.workers().current()).isNotEqualTo(worker);
        long edited = haproxy.workers().current();
        provider = haproxy.open();
        assertThat(web.applyTo(provider).changes()).isEmpty();
        assertThat(haproxy.text()).isEqualTo(file);
        assertThat(haproxy.workers().current()).as("and loaded").isNotEqualTo(edited);
    }

    @Test
    void a_server_that_the_file_lost_is_still_known() throws Exception {
        String file = haproxy.text();
        provider.close();
        Files.writeString(haproxy.file, file.replaceAll("    server one:.*\n", ""));
        provider = haproxy.open();
        assertThat(provider.actual()).isEqualTo(web.services());
        assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
        assertThat(haproxy.text()).isEqualTo(file);
    }
}
