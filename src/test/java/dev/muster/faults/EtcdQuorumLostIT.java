package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdCluster;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The leader and a follower of three are away for 3T. Without a leader nobody revokes a lease, and a new one begins with giving
 * each its whole time to live again (etcd's {@code lessor.Promote}): a member that was killed knows of no lease as expired.
 */
@OnThisEngine
@Tag("fault-21")
class EtcdQuorumLostIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    private static EtcdCluster cluster;
    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        cluster = EtcdCluster.start();
        bed = new AgentBed(cluster);
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** @return what the witness has seen of web01 since */
    private static List<Change> withoutQuorum(Consumer<EtcdProcess> harm, Consumer<EtcdProcess> mend) {
        String ends = bed.container("web02", "--label=muster.check=none");
        bed.awaitPublished("web02");
        String before = bed.stored(bed.key("web01", ""));
        int from = AgentBed.lines(agent);
        List<EtcdProcess> away = List.of(cluster.leader(), cluster.followers().getFirst());
        bed.recorder.clear();
        away.forEach(harm);
        long harmed = System.nanoTime();
        DockerCli.docker("rm", "-f", ends);
        String begun = bed.container("web03", "--label=muster.check=none");
        AgentBed.awaitSince(harmed, TTL.multipliedBy(3));
        assertThat(agent.status("/health/ready")).isEqualTo(503);

        away.forEach(mend);
        await("a quorum")
                .atMost(Duration.ofSeconds(20))
                .until(() -> cluster.members().stream().allMatch(EtcdProcess::isHealthy));
        long back = System.nanoTime();
        bed.recorder.resume();
        await("what changed meanwhile follows")
                .atMost(TTL.plusSeconds(5))
                .until(() -> bed.value(bed.key("web03", "state")).equals("up")
                        && bed.value(bed.key("web02", "owner")).isEmpty());
        AgentBed.measured("a quorum is back, and all as it should be", back, System.nanoTime());
        AgentBed.awaitSince(back, TTL.multipliedBy(2).plusSeconds(1)); // nobody's lease lives for so long unrenewed
        List<Change> changes = bed.recorder.all(bed.key("web01", ""));
        assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
        if (changes.isEmpty()) {
            assertThat(bed.stored(bed.key("web01", ""))).isEqualTo(before).isNotEmpty();
        }
        assertThat(bed.recorder.all(bed.tree() + "gone/web02"))
                .as("it was meant")
                .hasSize(1);
        assertThat(AgentBed.told(agent, from, "Reconnect: etcd at "))
                .as("told once that it is away, and once that it is back")
                .isEqualTo(2);
        DockerCli.docker("rm", "-f", begun);
        await().until(() -> bed.value(bed.key("web03", "owner")).isEmpty());
        return changes;
    }

    @Test
    void killedAndBackNothingIsRemoved() {
        assertThat(withoutQuorum(EtcdProcess::kill, EtcdProcess::startWithoutWaiting))
                .isEmpty();
    }

    /** Before 3.4.31 and 3.5.13 a leader that goes on may revoke what it has not seen renewed (etcd-io/etcd#15247). */
    @Test
    void stoppedAndContinuedWhatEtcdItselfRevokesIsBackInTime() {
        List<Change> owner = withoutQuorum(EtcdProcess::pause, EtcdProcess::unpause).stream()
                .filter(change -> change.key().equals(bed.key("web01", "owner")))
                .toList();
        if (!owner.isEmpty()) {
            assertThat(AgentBed.measured(
                            "revoked by etcd, and back",
                            owner.getFirst().nanos(),
                            owner.getLast().nanos()))
                    .isLessThan(TTL.plusSeconds(5));
        }
        assertThat(bed.recorder.all(bed.tree() + "gone/web01"))
                .as("nobody says goodbye")
                .isEmpty();
    }
}
