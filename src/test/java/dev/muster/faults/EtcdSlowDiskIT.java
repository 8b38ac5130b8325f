package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.SlowDisk;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every write waits for etcd's disk, once so long that the agent has given up on the answer. */
@OnThisEngine
@Tag("fault-27")
class EtcdSlowDiskIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final Duration BEYOND_ANY_CALL = Duration.ofSeconds(7);

    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static void assertThatItIsPublishedOnceAndNothingElseChanges(String instance) {
        assertThat(bed.recorder.all(bed.key(instance, "owner")))
                .singleElement()
                .satisfies(change -> assertThat(change.deleted()).isFalse());
        assertThat(bed.recorder.all(bed.key("web01", ""))).isEmpty();
    }

    @Test
    void aWriteThatIsSlowIsWaitedFor() {
        bed.recorder.clear();
        int from = AgentBed.lines(agent);
        try (SlowDisk disk = SlowDisk.of(bed.etcd, SLOW)) {
            long slow = System.nanoTime();
            bed.container("web02", "--label=muster.check=none");
            bed.awaitPublished("web02");
            assertThat(AgentBed.measured("published on a slow disk", slow, System.nanoTime()))
                    .as("it is slow")
                    .isGreaterThan(SLOW);
            AgentBed.awaitSince(slow, TTL.multipliedBy(2));
            assertThat(disk).isNotNull();
        }
        assertThatItIsPublishedOnceAndNothingElseChanges("web02");
        assertThat(AgentBed.told(agent, from, "agent: failed")).isZero();
    }

    @Test
    void aWriteWhoseAnswerCameTooLateIsFoundAndNotMadeAgain() {
        bed.recorder.clear();
        int from = AgentBed.lines(agent);
        try (SlowDisk disk = SlowDisk.of(bed.etcd, BEYOND_ANY_CALL)) {
            bed.container("web03", "--label=muster.check=none");
            await("told")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> AgentBed.told(agent, from, "web03: etcd did not answer within 5000 ms") > 0);
            assertThat(disk).isNotNull();
        }
        await("alone")
                .atMost(Duration.ofSeconds(15))
                .until(() -> bed.value(bed.key("web03", "state")).equals("up"));
        agent.awaitReady();
        AgentBed.awaitSince(System.nanoTime(), TTL.plusSeconds(1));
        assertThatItIsPublishedOnceAndNothingElseChanges("web03");
        assertThat(AgentBed.told(agent, from, "agent: works again after")).isOne();
    }
}
