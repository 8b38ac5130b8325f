package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The old lease is taken for dead; then a new one, a list, and everything is published again. */
@OnThisEngine
@Tag("fault-1")
class AgentPausedBeyondTtlIT {

    private static final Duration TTL = Duration.ofSeconds(3);

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
    void itsKeysGoAndComeBackAndWhatEndedMeanwhileStaysAway() {
        String ends = bed.container("web03", "--label=muster.check=none");
        bed.awaitPublished("web03");
        bed.recorder.clear();
        long paused = System.nanoTime();
        agent.pause();
        DockerCli.docker("rm", "-f", ends);
        String owner = bed.key("web02", "owner");
        Change gone = bed.recorder.await(
                TTL.plusSeconds(3),
                "the key goes",
                change -> change.deleted() && change.key().equals(owner));
        assertThat(AgentBed.measured("keys gone after the pause began", paused, gone.nanos()))
                .isBetween(TTL.dividedBy(2), TTL.plusSeconds(3));
        AgentBed.awaitSince(paused, TTL.multipliedBy(2));

        long continued = System.nanoTime();
        agent.unpause();
        for (String instance : new String[] {"web01", "web02"}) {
            Change back = bed.recorder.await(
                    Duration.ofSeconds(5),
                    instance + " comes back",
                    change -> !change.deleted() && change.key().equals(bed.key(instance, "owner")));
            assertThat(AgentBed.measured(instance + " back after the pause ended", continued, back.nanos()))
                    .isLessThan(Duration.ofSeconds(5));
        }
        bed.recorder.await(
                Duration.ofSeconds(5),
                "web03 is said goodbye to",
                change -> change.key().equals(bed.tree() + "gone/web03"));
        assertThat(bed.recorder.all(bed.key("web03", ""))).allMatch(Change::deleted);
        assertThat(bed.value(bed.key("web02", "state")))
                .as("the state that it had")
                .isEqualTo("up");
    }

    /** Several, each of which but the first begins just before a renewal, so that this comes as late as it may. */
    @Test
    void shortPausesChangeNothing() {
        bed.recorder.clear();
        for (int times = 0; times < 4; times++) {
            long paused = System.nanoTime();
            agent.pause();
            AgentBed.awaitSince(paused, TTL.multipliedBy(2).dividedBy(3).minusSeconds(1));
            agent.unpause();
            long continued = System.nanoTime();
            AgentBed.awaitSince(continued, TTL.dividedBy(3).minusMillis(200));
        }
        AgentBed.awaitSince(System.nanoTime(), TTL);
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
        assertThat(bed.value(bed.key("web02", "state"))).isEqualTo("up");
    }
}
