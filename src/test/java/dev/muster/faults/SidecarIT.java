package dev.muster.faults;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sidecar follows one container, from before it exists to after it has gone, and nothing else of its host. */
@OnThisEngine
final class SidecarIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    private final AgentBed bed = new AgentBed();
    private String name;

    @BeforeEach
    void aNeighbour() {
        bed.container("neighbour");
        name = DockerCli.name("side") + "-01";
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private String run(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "--name=" + name;
        all[1] = "-p=127.0.0.1::80";
        System.arraycopy(more, 0, all, 2, more.length);
        return bed.docker.run(all);
    }

    /** Well before the next look at everything. */
    private void awaitGone(String instance) {
        bed.recorder.await(
                Duration.ofSeconds(10),
                instance + " goes",
                change -> change.deleted() && change.key().equals(bed.key(instance, "owner")));
    }

    private String reason(String instance) {
        return bed.value(bed.tree() + "gone/" + instance).replaceAll(".*\"reason\":\"([a-z]+)\".*", "$1");
    }

    @Test
    void followsAContainerThatDoesNotExistYetAndIsMadeAnewUntilItIsStoppedItself() {
        String instance = "host1-" + name;
        MusterProcess sidecar = bed.sidecar(TTL, "--container=" + name, "--service=" + bed.service)
                .awaitReady();
        assertThat(bed.stored("/services/")).as("nothing to register").isEmpty();

        String first = run();
        bed.awaitPublished(instance);
        assertThat(bed.value(bed.key(instance, "owner"))).isEqualTo("host1." + name);
        assertThat(bed.value(bed.key(instance, "container_id"))).isEqualTo(first);

        docker("rm", "-f", first);
        awaitGone(instance);
        assertThat(reason(instance)).isEqualTo("ended");
        String second = run();
        bed.awaitPublished(instance);
        assertThat(bed.value(bed.key(instance, "container_id"))).isEqualTo(second);

        assertThat(sidecar.terminate()).isZero();
        assertThat(bed.stored(bed.key(instance, ""))).isEmpty();
        assertThat(reason(instance)).isEqualTo("leaving");
        assertThat(bed.recorder.all("/services/"))
                .as("of no other container of the host")
                .allMatch(change -> change.key().startsWith(bed.key(instance, ""))
                        || change.key().equals(bed.tree() + "gone/" + instance));
    }

    @Test
    void aContainerThatIsRenamedIsItsUntilItEnds() {
        String instance = "host1-" + name;
        String id = run();
        bed.sidecar(TTL, "--container=" + name, "--service=" + bed.service).awaitReady();
        bed.awaitPublished(instance);
        bed.recorder.clear();
        docker("rename", id, name + "-old");
        String successor = run("--env=NAME=successor");
        assertThat(bed.recorder.all(bed.tree()))
                .as("renaming it changes nothing")
                .isEmpty();

        docker("rm", "-f", id);
        Change taken = bed.recorder.await(
                Duration.ofSeconds(10),
                "the successor is registered",
                change -> change.key().equals(bed.key(instance, "container_id"))
                        && change.value().equals(successor));
        assertThat(taken.deleted()).isFalse();
    }

    @Test
    void aUnitsContainerIsFoundByItsNameAndByItsLabel() {
        String unit = name.substring(0, name.length() - "-01".length()) + "@01";
        String byName = unit.replace("@", "");
        bed.sidecar(TTL, "--unit=" + unit, "--service=" + bed.service).awaitReady();
        String id = run();
        bed.awaitPublished(byName);
        assertThat(bed.value(bed.key(byName, "unit"))).isEqualTo(unit + ".service");
        docker("rm", "-f", id);
        awaitGone(byName);

        bed.recorder.clear();
        name = DockerCli.name("other");
        String labelled = run("--label=muster.unit=" + unit + ".service");
        bed.awaitPublished(byName);
        assertThat(bed.value(bed.key(byName, "container_id"))).isEqualTo(labelled);
    }

    @Test
    void killedAndStartedAgainItChangesNoKeyUnlikeAStop() {
        String instance = "host1-" + name;
        run();
        String[] flags = {"--container=" + name, "--service=" + bed.service};
        MusterProcess first = bed.sidecar(Duration.ofSeconds(6), flags).awaitReady();
        bed.awaitPublished(instance);
        String before = bed.stored("");
        first.kill();
        MusterProcess second = bed.sidecar(Duration.ofSeconds(6), flags).awaitReady();
        AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(7));
        assertThat(bed.stored("")).isEqualTo(before);

        assertThat(second.terminate()).isZero();
        assertThat(bed.stored(bed.tree())).isNotEqualTo(before);
        bed.sidecar(Duration.ofSeconds(6), flags).awaitReady();
        bed.awaitPublished(instance);
    }

    @Test
    void aSecondSidecarOfTheSameContainerIsTurnedAway() {
        bed.sidecar(TTL, "--container=" + name).awaitReady();
        MusterProcess second = bed.sidecar(TTL, "--container=" + name);
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.log()).contains("another muster agent named 'host1." + name + "' runs on this machine");
        MusterProcess wrong = bed.sidecar(TTL, "--container=" + name, "--opt-in");
        assertThat(wrong.awaitExit()).isEqualTo(2);
    }
}
