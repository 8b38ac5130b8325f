package dev.muster.source.docker;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EngineConfig;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to containers is heard, and what may have been missed is said. */
@Timeout(120)
final class DockerEventsIT {

    @TempDir
    Path folder;

    private final DockerCli cli = new DockerCli();
    private final Heard heard = new Heard();
    private EngineProxy proxy;
    private DockerContainers source;

    @BeforeEach
    void start() throws IOException {
        proxy = new EngineProxy(folder);
        source = new DockerContainers(EngineConfig.plain(proxy.uri()), Duration.ofMillis(700), Duration.ofMillis(500));
        source.subscribe(heard);
        await().until(() -> heard.count(Heard.ANYTHING) == 1 && source.listening());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        proxy.close();
        cli.close();
    }

    private void says(String id, Runnable what) {
        long before = heard.count(id);
        what.run();
        await().until(() -> heard.count(id) > before);
    }

    @Test
    void everythingThatMayChangeARegistrationIsHeard() {
        String id = cli.run();
        await().until(() -> heard.count(id) > 0);
        says(id, () -> docker("pause", id));
        says(id, () -> docker("unpause", id));
        says(id, () -> docker("rename", id, DockerCli.name("renamed")));
        says(id, () -> docker("restart", "-t", "1", id));
        says(id, () -> docker("kill", "-s", "HUP", id));
        says(id, () -> docker("kill", id));
        assertThat(source.events()).isGreaterThanOrEqualTo(heard.count(id));
    }

    @Test
    void whatChangesNothingIsNotHeard() {
        String id = cli.run();
        await().until(() -> heard.count(id) > 0);
        long before = heard.count(id);
        docker("exec", id, "true");
        docker("top", id);
        docker("update", "--memory", "100m", "--memory-swap", "100m", id);
        docker("pause", id); // the stream is in order: once this is heard, the others would have been
        await().until(() -> heard.count(id) > before);
        assertThat(heard.count(id)).isEqualTo(before + 1);
    }

    @Test
    void aCutStreamIsSaidAndTakenUpAgainWhichIsSaidToo() throws Exception {
        proxy.refuse(true);
        await().until(() -> !source.listening());
        String id = cli.run();
        assertThat(heard.count(id)).isZero();
        proxy.refuse(false);
        await().until(() -> heard.count(Heard.ANYTHING) == 3);
        assertThat(source.list())
                .anyMatch(container -> container.run().containerId().equals(id));
        assertThat(source.reconnects()).isEqualTo(1);
        says(id, () -> docker("pause", id));
    }

    @Test
    @Tag("fault-10")
    void aSilentEngineIsNoticedByItsPing() {
        proxy.silence(true);
        await().atMost(Duration.ofSeconds(5)).until(() -> !source.listening());
        proxy.silence(false);
        await().until(() -> heard.count(Heard.ANYTHING) == 3 && source.listening());
    }

    @Test
    void aQuietEngineIsNotTakenForASilentOne() {
        await().pollDelay(Duration.ofSeconds(2)).until(source::listening);
        assertThat(source.reconnects()).isZero();
        assertThat(heard.count(Heard.ANYTHING)).isEqualTo(1);
    }

    @Test
    void nothingIsHeardAfterClosing() {
        source.close();
        String id = cli.run();
        docker("pause", id);
        assertThat(heard.count(id)).isZero();
        assertThat(source.listening()).isFalse();
    }
}
