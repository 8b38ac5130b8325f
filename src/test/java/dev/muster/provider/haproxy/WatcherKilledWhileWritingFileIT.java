package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.Provider;
import dev.muster.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that does nothing but write the file, killed at odd moments: the file is always the old one or the new one. */
@Tag("fault-40")
class WatcherKilledWhileWritingFileIT {

    private static final int KILLS = 6;

    @Test
    void the_file_is_always_whole_and_the_next_watcher_goes_on() throws Exception {
        try (HaproxyFixture haproxy = new HaproxyFixture()) {
            HaproxyFile file = new HaproxyFile(HaproxySettings.of(haproxy.config(true)));
            Path draft = haproxy.folder.resolve(".haproxy.cfg.muster-draft");
            Path ready = haproxy.folder.resolve("ready");
            Random moments = new Random(40);
            Set<Integer> sizes = new TreeSet<>();
            int drafts = 0;
            for (int i = 0; i < KILLS; i++) {
                Files.deleteIfExists(ready);
                Process jvm = ChildJvm.start(
                        ProviderMain.class,
                        haproxy.folder.resolve("child.log"),
                        haproxy.folder.toString(),
                        Integer.toString(haproxy.port),
                        "writing");
                await().atMost(HaproxyFixture.patience().multipliedBy(3)).until(() -> Files.exists(ready));
                long moment = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(moments.nextInt(50_000));
                await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> System.nanoTime() > moment);
                jvm.destroyForcibly().waitFor();
                drafts += Files.exists(draft) ? 1 : 0;
                String text = haproxy.text();
                HaproxyModel model =
                        HaproxyFileReader.read(text, name -> Optional.empty()).orElseThrow();
                assertThat(file.render(model).text()).as("whole").isEqualTo(text);
                sizes.add(file.servers(model).size());
            }
            assertThat(sizes).isSubsetOf(0, 1000, 1500).as("it was written").isNotEqualTo(Set.of(0));
            assertThat(drafts).as("kills that hit a write").isPositive();

            try (Backend one = new Backend("one");
                    Provider provider = haproxy.open()) {
                assertThat(provider.actual()).containsOnlyKeys("web");
                assertThat(draft).doesNotExist();
                Desired web = Desired.nothing().up("web", "one", one.port());
                web.applyTo(provider);
                assertThat(Client.get(haproxy.port, "web", "/").body()).isEqualTo("one");
            }
        }
    }
}
