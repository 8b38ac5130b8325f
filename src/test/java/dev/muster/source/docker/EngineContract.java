package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EngineConfig;
import dev.muster.model.Protocol;
import dev.muster.source.Container;
import dev.muster.testkit.DockerCli;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Muster needs of an engine, asked of a real one beside what its own client says. */
@Timeout(180)
abstract class EngineContract {

    private static final Container.Port HTTP = new Container.Port(80, Protocol.TCP);

    private DockerCli cli;
    private DockerContainers docker;

    /** The engine's own client. */
    abstract DockerCli client();

    /** Where Muster asks: something that can cut its connections stands there. */
    abstract EngineConfig engine();

    /** Cuts every connection and lets none in, until it is told the opposite. */
    abstract void refuse(boolean on);

    @BeforeEach
    void open() {
        cli = client();
        docker = new DockerContainers(engine(), Duration.ofSeconds(5), Duration.ofMillis(500));
    }

    @AfterEach
    void closeAll() {
        docker.close();
        cli.close();
    }

    private List<Container> listed(String id) throws Exception {
        return docker.list().stream()
                .filter(container -> container.run().containerId().equals(id))
                .toList();
    }

    private Container found(String id) throws Exception {
        return docker.find(id).orElseThrow();
    }

    private Heard subscribed() {
        Heard heard = new Heard();
        docker.subscribe(heard);
        await().until(() -> heard.count(Heard.ANYTHING) == 1 && docker.listening());
        return heard;
    }

    @Test
    void itsNameImageLabelsAndEnvironmentAreRead() throws Exception {
        String name = DockerCli.name("read");
        String id = cli.run("--name", name, "-l", "muster.service=web", "-e", "SERVICE_NAME=x", "-e", "PASSWORD=y");
        Container container = found(id);
        assertThat(listed(id)).containsExactly(container);
        assertThat(container.name()).isEqualTo(name);
        assertThat(container.image()).contains(cli.image());
        assertThat(container.labels())
                .containsEntry("muster.service", "web")
                .containsKey(DockerCli.LABEL)
                .doesNotContainKey("muster.instance");
        assertThat(container.environment()).containsOnlyKeys("SERVICE_NAME");
        assertThat(container.hostNetwork()).isFalse();
        assertThat(container.bindings()).as("nothing was published").isEmpty();
        assertThat(container.exposed()).contains(HTTP);
    }

    @Test
    void everyBindingOfEveryPortIsRead() throws Exception {
        String id = cli.run("-p", "127.0.0.1::80", "-p", "127.0.0.2::80", "-p", "53/udp");
        assertThat(found(id).bindings())
                .filteredOn(binding -> binding.port().equals(HTTP))
                .extracting(Container.PortBinding::hostAddress)
                .containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2");
        assertThat(found(id).bindings())
                .filteredOn(binding -> binding.port().protocol() == Protocol.UDP)
                .isNotEmpty()
                .allSatisfy(binding -> {
                    assertThat(binding.hostAddress()).isIn("0.0.0.0", "::");
                    assertThat(binding.port().number()).isEqualTo(53);
                });
        Set<String> ports = cli.engine("port", id)
                .lines()
                .map(line -> line.replaceAll(".*:", ""))
                .collect(Collectors.toSet());
        assertThat(found(id).bindings())
                .extracting(binding -> Integer.toString(binding.hostPort()))
                .allMatch(ports::contains);
    }

    @Test
    void itsAddressOnEachNetworkIsRead() throws Exception {
        String first = DockerCli.name("net");
        String second = DockerCli.name("net");
        cli.engine("network", "create", first);
        cli.engine("network", "create", second);
        try {
            String id = cli.run("--network", first);
            assertThat(found(id).networks()).containsOnlyKeys(first);
            cli.engine("network", "connect", second, id);
            assertThat(found(id).networks()).containsOnlyKeys(first, second);
            found(id)
                    .networks()
                    .forEach((network, address) -> assertThat(address)
                            .as(network)
                            .isEqualTo(cli.engine(
                                    "inspect",
                                    "-f",
                                    "{{(index .NetworkSettings.Networks \"%s\").IPAddress}}".formatted(network),
                                    id))
                            .isNotEmpty());
        } finally {
            cli.close();
            cli.engine("network", "rm", first, second);
        }
    }

    @Test
    void hostNetworkingIsSeen() throws Exception {
        Container container = found(cli.run("--network", "host", "-e", "MODE=silent"));
        assertThat(container.hostNetwork()).isTrue();
        assertThat(container.bindings()).isEmpty();
        assertThat(container.exposed()).contains(HTTP);
    }

    @Test
    void aContainerIsFollowedThroughItsLife() throws Exception {
        Instant before = Instant.now();
        String id = cli.run("-p", "80");
        assertThat(listed(id)).extracting(Container::state).containsExactly(Container.State.RUNNING);
        assertThat(Instant.parse(found(id).run().startedAt()))
                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
        cli.engine("pause", id);
        assertThat(listed(id)).extracting(Container::state).containsExactly(Container.State.PAUSED);
        cli.engine("unpause", id);
        assertThat(listed(id)).extracting(Container::state).containsExactly(Container.State.RUNNING);
        cli.engine("kill", id);
        await().until(() -> found(id).state() == Container.State.STOPPED);
        assertThat(listed(id)).isEmpty();
        cli.engine("rm", id);
        assertThat(docker.find(id)).isEmpty();
        assertThat(docker.find("0".repeat(64))).isEmpty();
    }

    @Test
    void aRestartIsAnotherRun() throws Exception {
        String id = cli.run();
        Container before = found(id);
        assertThat(found(id).run()).isEqualTo(before.run());
        cli.engine("restart", "-t", "1", id);
        Container after = found(id);
        assertThat(after.run().containerId()).isEqualTo(id);
        assertThat(after.run()).isNotEqualTo(before.run());
    }

    /** A list inspects only what has changed since the last one, and must not miss any change. */
    @ParameterizedTest
    @ValueSource(strings = {"bridge", "host", "none"})
    void everyListIsAsGoodAsAnInspection(String network) throws Exception {
        String id = cli.run("--network", network, "-e", "MODE=silent");
        Container first = sameByListAndInspection(id);
        cli.engine("restart", "-t", "0", id);
        Container restarted = sameByListAndInspection(id);
        assertThat(restarted.run()).isNotEqualTo(first.run());
        cli.engine("pause", id);
        assertThat(sameByListAndInspection(id).state()).isEqualTo(Container.State.PAUSED);
        cli.engine("unpause", id);
        assertThat(sameByListAndInspection(id)).isEqualTo(restarted);
        String name = DockerCli.name("renamed");
        cli.engine("rename", id, name);
        assertThat(sameByListAndInspection(id).name()).isEqualTo(name);
    }

    private Container sameByListAndInspection(String id) throws Exception {
        Container inspected = found(id);
        assertThat(listed(id)).containsExactly(inspected);
        return inspected;
    }

    @Test
    void everythingThatMayChangeARegistrationIsHeard() {
        Heard heard = subscribed();
        String id = cli.run();
        await().until(() -> heard.count(id) > 0);
        List<List<String>> commands = List.of(
                List.of("pause", id),
                List.of("unpause", id),
                List.of("rename", id, DockerCli.name("renamed")),
                List.of("restart", "-t", "1", id),
                List.of("kill", "-s", "HUP", id),
                List.of("kill", id));
        for (List<String> command : commands) {
            long before = heard.count(id);
            cli.engine(command.toArray(String[]::new));
            await(command.toString()).until(() -> heard.count(id) > before);
        }
        assertThat(docker.events()).isGreaterThanOrEqualTo(heard.count(id));
    }

    @Test
    void nothingFallsBetweenTheSubscriptionAndTheList() throws Exception {
        CompletableFuture<List<String>> starting = CompletableFuture.supplyAsync(() -> {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                ids.add(cli.run());
            }
            return ids;
        });
        Heard heard = subscribed();
        Set<String> listed = docker.list().stream()
                .map(container -> container.run().containerId())
                .collect(Collectors.toSet());
        for (String id : starting.get()) {
            await().until(() -> listed.contains(id) || heard.count(id) > 0);
        }
        assertThat(listed)
                .as("some came later")
                .doesNotContainAnyElementsOf(starting.get().subList(5, 6));
    }

    @Test
    void aCutStreamIsSaidAndTakenUpAgainWhichIsSaidToo() throws Exception {
        Heard heard = subscribed();
        refuse(true);
        try {
            await().until(() -> !docker.listening());
            String id = cli.run();
            assertThat(heard.count(id)).isZero();
            refuse(false);
            await().until(() -> heard.count(Heard.ANYTHING) == 3);
            assertThat(listed(id)).hasSize(1);
            assertThat(docker.reconnects()).isEqualTo(1);
            long before = heard.count(id);
            cli.engine("pause", id);
            await().until(() -> heard.count(id) > before);
        } finally {
            refuse(false);
        }
    }

    @Test
    void connectionsThatTheEngineClosedAreMadeAnew() throws Exception {
        String id = cli.run();
        assertThat(docker.list()).isNotEmpty();
        for (int i = 0; i < 3; i++) {
            refuse(true);
            refuse(false);
            assertThat(docker.find(id)).isEqualTo(Optional.of(found(id)));
            assertThat(listed(id)).hasSize(1);
        }
    }
}
