package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that is full: the old file stays whole, and the new one comes once there is room. */
@Tag("fault-40")
class DiskFullWhileWritingFileIT {

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(Arrays.toString(command))
                .isZero();
    }

    @Test
    void the_old_file_stays_whole() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts a small disk");
        Path disk = Files.createTempDirectory("muster-small-disk");
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString());
        try (HaproxyFixture haproxy = new HaproxyFixture(
                        Files.createDirectory(disk.resolve("d")), HaproxyFixture.freePort(), "haproxy");
                Provider provider = haproxy.open();
                Backend one = new Backend("one");
                Backend two = new Backend("two")) {
            Desired web = Desired.nothing().up("web", "one", one.port());
            web.applyTo(provider);
            String file = haproxy.text();
            Path filler = disk.resolve("filler");
            assertThatThrownBy(() -> fill(filler)).isInstanceOf(IOException.class);

            for (Desired next : List.of(web.up("web", "two", two.port()), web.http("app"))) {
                assertThatThrownBy(() -> next.applyTo(provider))
                        .isInstanceOf(ProviderException.class)
                        .hasMessageContaining("No space left");
                assertThat(haproxy.text()).isEqualTo(file);
                assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
            }
            Files.delete(filler);
            Desired next = web.up("web", "two", two.port()).http("app");
            next.applyTo(provider);
            assertThat(next.applyTo(provider).changes()).isEmpty();
            assertThat(haproxy.text()).isNotEqualTo(file).contains("two:127.0.0.1");
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[512];
            while (true) {
                out.write(block);
            }
        }
    }
}
