package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A snippet that HAProxy refuses: the old file stays, traffic flows, servers come and go. */
@Tag("fault-40")
class HaproxyCheckCommandFailsIT {

    private final HaproxyFixture haproxy = new HaproxyFixture();
    private final Provider provider = haproxy.open();

    @AfterEach
    void stop() throws Exception {
        provider.close();
        haproxy.close();
    }

    @Test
    void a_bad_snippet_keeps_the_structure_and_not_the_servers() throws Exception {
        try (Backend one = new Backend("one");
                Backend two = new Backend("two")) {
            Desired web = Desired.nothing().up("web", "one", one.port());
            web.applyTo(provider);
            String file = haproxy.text();
            Workers workers = haproxy.workers();
            haproxy.snippet("bad.cfg", "frontend bad\n    bogus keyword\n");

            assertThatThrownBy(() -> web.http("app").applyTo(provider))
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContaining("bad.cfg:2")
                    .hasMessageContaining("bogus");
            assertThat(haproxy.text()).as("byte for byte").isEqualTo(file);
            assertThat(haproxy.workers()).isEqualTo(workers);
            assertThat(haproxy.folder.resolve(".haproxy.cfg.muster-draft")).doesNotExist();
            assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");

            Desired replaced = Desired.nothing().up("web", "two", two.port()).http("app");
            assertThatThrownBy(() -> replaced.applyTo(provider)).isInstanceOf(ProviderException.class);
            assertThat(Client.get(haproxy.port, "web", "/").body())
                    .as("servers follow all the same")
                    .isEqualTo("two");

            haproxy.snippet(
                    "bad.cfg",
                    "frontend good\n    mode http\n    bind 127.0.0.1:%d\n".formatted(HaproxyFixture.freePort()));
            replaced.applyTo(provider);
            assertThat(replaced.applyTo(provider).changes()).isEmpty();
            assertThat(haproxy.workers()).as("one good snippet later").isNotEqualTo(workers);
        }
    }
}
