package dev.muster.source.docker;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EngineConfig;
import dev.muster.model.UnitName;
import dev.muster.source.Container;
import dev.muster.source.Selection;
import dev.muster.testkit.DockerCli;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real engine, of which only one container is of interest. */
@Timeout(120)
final class SelectedContainersIT {

    private static final URI ENGINE = URI.create("unix:///var/run/docker.sock");

    @TempDir
    Path folder;

    private final DockerCli cli = new DockerCli();
    private final String name = DockerCli.name("mine") + "-01";
    private final Heard heard = new Heard();

    @AfterEach
    void stop() {
        cli.close();
    }

    private static List<String> ids(DockerContainers source) throws Exception {
        return source.list().stream()
                .map(container -> container.run().containerId())
                .toList();
    }

    @Test
    void isListedAloneByItsWholeName() throws Exception {
        cli.run("--name", name + "1");
        cli.run("--name", "x" + name);
        try (DockerContainers source =
                new DockerContainers(EngineConfig.plain(ENGINE), new Selection(Optional.of(name), Optional.empty()))) {
            assertThat(ids(source)).isEmpty();
            String id = cli.run("--name", name);
            assertThat(ids(source)).containsExactly(id);
        }
    }

    @Test
    void isListedByTheLabelOfItsUnitAndByTheUnitsName() throws Exception {
        UnitName unit = new UnitName(name.substring(0, name.length() - 3) + "@01.service");
        String labelled = cli.run("--label", "muster.unit=" + unit);
        cli.run("--label", "muster.unit=" + unit + "x");
        try (DockerContainers source =
                new DockerContainers(EngineConfig.plain(ENGINE), new Selection(Optional.empty(), Optional.of(unit)))) {
            assertThat(ids(source)).containsExactly(labelled);
            String named = cli.run("--name", name);
            assertThat(ids(source)).containsExactlyInAnyOrder(labelled, named);
            docker("rm", "-f", named);
            cli.run("--name", name, "--label", "muster.unit=other.service");
            assertThat(ids(source)).as("another unit's, by its own word").containsExactly(labelled);
        }
    }

    @Test
    void isHeardOfAloneAndUnderEveryName() throws Exception {
        String first = cli.run("--name", name);
        try (DockerContainers source =
                new DockerContainers(EngineConfig.plain(ENGINE), new Selection(Optional.of(name), Optional.empty()))) {
            source.subscribe(heard);
            await().until(source::listening);
            assertThat(ids(source)).containsExactly(first);
            String other = cli.run();
            docker("rename", first, name + "-old");
            String second = cli.run("--name", name);
            docker("kill", other);
            docker("kill", first);
            await().until(() -> heard.count(first) >= 3 && heard.count(second) == 1); // rename, kill, die
            assertThat(heard.count(other))
                    .as("though it was started before and ended")
                    .isZero();
            assertThat(source.find(other)).isEmpty();
            assertThat(source.find(first)).get().extracting(Container::state).isEqualTo(Container.State.STOPPED);
        }
    }

    @Test
    void nothingIsAskedOfOthers() throws Exception {
        String id = "a".repeat(64);
        try (ScriptedEngine engine = new ScriptedEngine(folder)) {
            Following following = new Following(new Selection(Optional.of("mine"), Optional.empty()));
            String list = following.lists().getFirst();
            String inspected = "{\"Id\":\"" + id
                    + "\",\"Name\":\"/mine\",\"State\":{\"Status\":\"running\",\"StartedAt\":\"2026-11-21T09:04:09Z\"}}";
            engine.json("/containers/json", 200, "[{\"Id\":\"%s\",\"State\":\"running\"}]".formatted(id))
                    .json("/containers/" + id + "/json", 200, inspected);
            try (DockerContainers source = new DockerContainers(
                    EngineConfig.plain(engine.uri()),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(10),
                    new Selection(Optional.of("mine"), Optional.empty()))) {
                assertThat(ids(source)).containsExactly(id);
                assertThat(engine.asked()).containsExactly(list, "/containers/" + id + "/json");
            }
        }
    }
}
