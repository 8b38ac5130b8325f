package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What has happened since the snapshot is undone: an instance that ended is back, under a living lease, and one that began is not there. */
@OnThisEngine
@Tag("fault-24")
class EtcdOlderSnapshotRestoredIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration RESYNC = Duration.ofSeconds(2);

    /** A resync, the time until etcd answers, and the agent's own wait between two tries. */
    private static final Duration REPAIRED = RESYNC.plusSeconds(3);

    private static AgentBed bed;
    private static MusterProcess agent;
    private Path snapshot;
    private long snapshotRevision;
    private String begun;
    private int from;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL, "--resync=" + RESYNC.toSeconds() + "s").awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void saveAndGoOn() {
        String ended = bed.container("web02", "--label=muster.check=none");
        bed.awaitPublished("web02");
        snapshot = bed.etcd.snapshot();
        snapshotRevision = bed.etcd.revision();
        DockerCli.docker("rm", "-f", ended);
        begun = bed.container("web03", "--label=muster.check=none");
        bed.awaitPublished("web03");
        await().until(() -> bed.value(bed.key("web02", "owner")).isEmpty());
        from = AgentBed.lines(agent);
    }

    @AfterEach
    void endWhatBegan() {
        DockerCli.docker("rm", "-f", begun);
        await().until(() -> bed.value(bed.key("web03", "owner")).isEmpty());
    }

    private void restore() {
        bed.etcd.restore(snapshot);
        bed.recorder.rewind(snapshotRevision);
    }

    /** By the witness's record from the snapshot on, which also shows that it was as the snapshot has it. */
    private void assertThatItIsRepaired(long restored) {
        await("keys equal the containers")
                .atMost(REPAIRED)
                .until(() -> bed.value(bed.key("web03", "state")).equals("up")
                        && bed.value(bed.key("web02", "owner")).isEmpty());
        AgentBed.measured("an older snapshot is restored, and all as it should be", restored, System.nanoTime());
        AgentBed.awaitSince(System.nanoTime(), TTL.plusSeconds(2));
        List<Change> ended = bed.recorder.all(bed.key("web02", "owner"));
        assertThat(ended)
                .singleElement()
                .satisfies(change -> assertThat(change.deleted()).isTrue());
        assertThat(bed.recorder.all(bed.tree() + "gone/web02"))
                .as("a removal that was meant")
                .hasSize(1);
        List<Change> back = bed.recorder.all(bed.key("web03", "owner"));
        assertThat(back)
                .singleElement()
                .satisfies(change -> assertThat(change.deleted()).isFalse());
        assertThat(bed.recorder.all(bed.key("web01", "")))
                .as("the one that lived all along")
                .isEmpty();
        assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
    }

    @Test
    void withItsLeaseInIt() {
        restore();
        assertThatItIsRepaired(System.nanoTime());
        assertThat(AgentBed.told(agent, from, "etcd's data was replaced: its revision went back"))
                .isOne();
    }

    @Test
    void withALeaseInItThatTheAgentHasNoLonger() {
        String former = bed.leaseOf("host1");
        bed.etcd.ctl("lease", "revoke", former);
        await().until(() -> bed.value(bed.key("web03", "state")).equals("up"));
        assertThat(bed.leaseOf("host1")).isNotEqualTo(former);
        restore();
        assertThatItIsRepaired(System.nanoTime());
        assertThat(bed.leaseOf("host1")).as("adopted").isEqualTo(former);
    }

    @Test
    void alsoWhereOthersHaveWrittenSoMuchSinceThatItsRevisionIsNoLowerThanBefore() {
        long before = bed.etcd.revision();
        agent.pause();
        bed.etcd.restore(snapshot);
        while (bed.etcd.revision() <= before) {
            bed.etcd.put("/written/by/others", "x");
        }
        bed.recorder.rewind(snapshotRevision);
        agent.unpause();
        assertThatItIsRepaired(System.nanoTime());
        assertThat(AgentBed.told(agent, from, "etcd's data was replaced"))
                .as("nothing shows it")
                .isZero();
    }
}
