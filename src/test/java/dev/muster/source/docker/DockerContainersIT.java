package dev.muster.source.docker;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Protocol;
import dev.muster.source.Container;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real engine, beside what its own client says. */
@Timeout(120)
final class DockerContainersIT {

    @TempDir
    Path folder;

    private final DockerCli cli = new DockerCli();
    private final DockerContainers docker = new DockerContainers(URI.create("unix:///var/run/docker.sock"));

    @AfterEach
    void stop() {
        docker.close();
        cli.close();
    }

    private List<Container> listed(String id) throws Exception {
        return docker.list().stream()
                .filter(container -> container.run().containerId().equals(id))
                .toList();
    }

    @Test
    void readsWhatTheEngineSays() throws Exception {
        String name = DockerCli.name("read");
        String id = cli.run(
                "--name",
                name,
                "-p",
                "127.0.0.1::80",
                "-p",
                "53/udp",
                "-l",
                "muster.service=web",
                "-e",
                "SERVICE_NAME=x",
                "-e",
                "PASSWORD=y");
        Container container = docker.find(id).orElseThrow();
        assertThat(listed(id)).containsExactly(container);
        assertThat(container.name()).isEqualTo(name);
        assertThat(container.image()).isEqualTo(DockerCli.IMAGE);
        assertThat(container.run().startedAt())
                .isEqualTo(docker("inspect", "-f", "{{.State.StartedAt}}", id).replace(" ", ""))
                .isNotEmpty();
        assertThat(container.labels()).containsEntry("muster.service", "web");
        assertThat(container.environment()).containsOnlyKeys("SERVICE_NAME");
        assertThat(container.networks())
                .containsEntry("bridge", docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", id));
        int port = Integer.parseInt(docker("port", id, "80/tcp").replaceAll(".*:", ""));
        assertThat(container.bindings())
                .contains(new Container.PortBinding(new Container.Port(80, Protocol.TCP), "127.0.0.1", port))
                .anyMatch(binding -> binding.port().equals(new Container.Port(53, Protocol.UDP)));
        assertThat(container.hostNetwork()).isFalse();
    }

    @Test
    void followsAContainerThroughItsLife() throws Exception {
        String id = cli.run();
        assertThat(listed(id)).extracting(Container::state).containsExactly(Container.State.RUNNING);
        docker("pause", id);
        assertThat(listed(id)).extracting(Container::state).containsExactly(Container.State.PAUSED);
        docker("unpause", id);
        docker("kill", id);
        assertThat(listed(id)).isEmpty();
        assertThat(docker.find(id)).get().extracting(Container::state).isEqualTo(Container.State.STOPPED);
        docker("rm", id);
        assertThat(docker.find(id)).isEmpty();
    }

    @Test
    void aRestartIsAnotherRun() throws Exception {
        String id = cli.run();
        Container before = docker.find(id).orElseThrow();
        docker("restart", "-t", "1", id);
        Container after = docker.find(id).orElseThrow();
        assertThat(after.run().containerId()).isEqualTo(id);
        assertThat(after.run()).isNotEqualTo(before.run());
    }

    /** A list inspects only what has changed since the last one, and must not miss any change. */
    @ParameterizedTest
    @ValueSource(strings = {"bridge", "host", "none"})
    void everyListIsAsGoodAsAnInspection(String network) throws Exception {
        String id = cli.run("--network", network, "-e", "MODE=silent");
        Container first = sameByListAndInspection(id);
        docker("restart", "-t", "0", id);
        Container restarted = sameByListAndInspection(id);
        assertThat(restarted.run()).isNotEqualTo(first.run());
        docker("pause", id);
        assertThat(sameByListAndInspection(id).state()).isEqualTo(Container.State.PAUSED);
        docker("unpause", id);
        assertThat(sameByListAndInspection(id)).isEqualTo(restarted);
        String name = DockerCli.name("renamed");
        docker("rename", id, name);
        assertThat(sameByListAndInspection(id).name()).isEqualTo(name);
    }

    @Test
    void aNetworkThatIsJoinedIsListed() throws Exception {
        String id = cli.run();
        sameByListAndInspection(id);
        String network = DockerCli.name("joined");
        docker("network", "create", network);
        try {
            docker("network", "connect", network, id);
            assertThat(sameByListAndInspection(id).networks()).containsKeys("bridge", network);
            docker("network", "disconnect", network, id);
            assertThat(sameByListAndInspection(id).networks()).containsOnlyKeys("bridge");
        } finally {
            docker("network", "rm", "-f", network);
        }
    }

    private Container sameByListAndInspection(String id) throws Exception {
        Container inspected = docker.find(id).orElseThrow();
        assertThat(listed(id)).containsExactly(inspected);
        return inspected;
    }

    @Test
    void hostNetworkingIsSeen() throws Exception {
        String id = cli.run("--network", "host", "-e", "MODE=silent");
        Container container = docker.find(id).orElseThrow();
        assertThat(container.hostNetwork()).isTrue();
        assertThat(container.bindings()).isEmpty();
        assertThat(container.exposed()).contains(new Container.Port(80, Protocol.TCP));
    }

    @Test
    void connectionsThatTheEngineClosedAreMadeAnew() throws Exception {
        String id = cli.run();
        try (EngineProxy proxy = new EngineProxy(folder);
                DockerContainers through =
                        new DockerContainers(proxy.uri(), Duration.ofSeconds(5), Duration.ofSeconds(10))) {
            assertThat(through.list()).isNotEmpty();
            proxy.cut();
            assertThat(through.find(id)).isPresent();
            proxy.cut();
            assertThat(through.list()).isNotEmpty();
        }
    }
}
