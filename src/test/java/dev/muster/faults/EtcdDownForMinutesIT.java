package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Longer than the lease's time is long enough: from then on the agent has no lease that it may rely on. */
@OnThisEngine
@Tag("fault-22")
class EtcdDownForMinutesIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration DOWN = TTL.multipliedBy(4);

    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        bed.container("web02");
        agent = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void backOnItsDataNoRegistrationChangesAndTheAgentGoesOnWithItsLease() {
        String before = bed.stored(bed.tree());
        bed.recorder.clear();
        bed.etcd.kill();
        long killed = System.nanoTime();
        AgentBed.awaitSince(killed, DOWN);
        assertThat(agent.status("/health/ready")).isEqualTo(503);
        bed.etcd.startAgain();
        long back = System.nanoTime();
        bed.recorder.resume();
        agent.awaitReady();
        AgentBed.measured("etcd is back, and the agent ready", back, System.nanoTime());
        AgentBed.awaitSince(back, TTL.multipliedBy(2).plusSeconds(1)); // an etcd that starts extends every lease once
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.stored(bed.tree())).isEqualTo(before).isNotEmpty();
        assertThat(agent.log()).contains("goes on with lease");

        String ends = bed.container("web03", "--label=muster.check=none");
        bed.awaitPublished("web03");
        DockerCli.docker("rm", "-f", ends);
        await().until(() -> bed.value(bed.key("web03", "owner")).isEmpty());
        assertThat(bed.recorder.all(bed.tree())).as("the recorder sees changes").isNotEmpty();
    }

    @Test
    void backWithoutItsDataEverythingIsPublishedAgain() {
        String before = bed.stored(bed.tree());
        bed.etcd.wipe();
        long wiped = System.nanoTime();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        assertThat(AgentBed.measured("etcd is back empty, and everything published", wiped, System.nanoTime()))
                .isLessThan(TTL.plusSeconds(5));
        assertThat(bed.stored(bed.tree())).as("it was wiped").isNotEqualTo(before);
        assertThat(bed.value("/muster/agents/host1")).isNotEmpty();
        AgentBed.awaitSince(wiped, TTL.multipliedBy(2).plusSeconds(1));
        assertThat(bed.value(bed.key("web02", "state")))
                .as("under a lease that is renewed")
                .isEqualTo("up");
    }

    @Test
    void anotherClusterInItsPlaceIsFilledAgainToo() {
        bed.etcd.wipe("another");
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        assertThat(bed.value("/muster/agents/host1")).isNotEmpty();
    }
}
