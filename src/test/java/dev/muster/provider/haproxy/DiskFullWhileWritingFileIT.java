package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.testkit.SmallDisk;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that is full: the old file stays whole, and the new one comes once there is room. */
@Tag("fault-40")
class DiskFullWhileWritingFileIT {

    @Test
    void the_old_file_stays_whole() throws Exception {
        try (SmallDisk disk = new SmallDisk();
                HaproxyFixture haproxy = new HaproxyFixture(disk.folder("d"));
                Provider provider = haproxy.open();
                Backend one = new Backend("one");
                Backend two = new Backend("two")) {
            Desired web = Desired.nothing().up("web", "one", one.port());
            web.applyTo(provider);
            String file = haproxy.text();
            disk.fill();

            for (Desired next : List.of(web.up("web", "two", two.port()), web.http("app"))) {
                assertThatThrownBy(() -> next.applyTo(provider))
                        .isInstanceOf(ProviderException.class)
                        .hasMessageContaining("No space left");
                assertThat(haproxy.text()).isEqualTo(file);
                assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
            }
            disk.free();
            Desired next = web.up("web", "two", two.port()).http("app");
            next.applyTo(provider);
            assertThat(next.applyTo(provider).changes()).isEmpty();
            assertThat(haproxy.text()).isNotEqualTo(file).contains("two:127.0.0.1");
        }
    }
}
