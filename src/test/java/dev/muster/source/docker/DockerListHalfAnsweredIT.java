package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.config.EngineConfig;
import dev.muster.source.SourceException;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine hangs, is gone, or its answers come back half: nothing is ever taken for an empty list. */
@Tag("fault-10")
@Timeout(120)
final class DockerListHalfAnsweredIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final DockerCli cli = new DockerCli();
    private String id = "";
    private EngineProxy proxy;
    private DockerContainers docker;

    @BeforeEach
    void start() throws Exception {
        id = cli.run("-p", "80");
        proxy = new EngineProxy(folder);
        docker = engine();
        assertThat(docker.list()).isNotEmpty();
    }

    @AfterEach
    void stop() throws Exception {
        docker.close();
        proxy.close();
        cli.close();
    }

    private DockerContainers engine() {
        return new DockerContainers(EngineConfig.plain(proxy.uri()), TIMEOUT, Duration.ofSeconds(10));
    }

    private void nothingIsRead() {
        assertThatExceptionOfType(SourceException.class).isThrownBy(() -> docker.list());
        assertThatExceptionOfType(SourceException.class).isThrownBy(() -> docker.find(id));
    }

    private void everythingIsRead() throws SourceException {
        assertThat(docker.list())
                .anyMatch(container -> container.run().containerId().equals(id));
        assertThat(docker.find(id)).isPresent();
    }

    @Test
    void answeringHalf() throws Exception {
        // The head of a list is some 250 bytes; an inspection has 6,000.
        for (int bytes : new int[] {0, 1, 20, 200, 400, 900, 2_000, 4_000}) {
            docker.close();
            docker = engine(); // knows nothing yet, so that every container must be inspected
            proxy.cutAfter(bytes);
            nothingIsRead();
        }
        proxy.cutAfter(Integer.MAX_VALUE);
        everythingIsRead();
    }

    @Test
    void hanging() throws Exception {
        proxy.silence(true);
        long before = System.nanoTime();
        nothingIsRead();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(TIMEOUT.multipliedBy(2), TIMEOUT.multipliedBy(6));
        proxy.silence(false);
        everythingIsRead();
    }

    @Test
    void gone() throws Exception {
        proxy.refuse(true);
        nothingIsRead();
        proxy.refuse(false);
        everythingIsRead();
    }
}
