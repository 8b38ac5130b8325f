package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An agent that stands still keeps its name: whoever is started in its place is refused, until it is killed. */
@OnThisEngine
@Tag("fault-14")
class SuccessorOfPausedAgentIT {

    private static final Duration TTL = Duration.ofSeconds(9);
    private static final String REFUSED = "another muster agent named 'host1' runs on this machine";

    private static AgentBed bed;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        bed.container("web02");
    }

    @AfterEach
    void endAgents() {
        bed.endAgents();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static MusterProcess published() {
        MusterProcess agent = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        return agent;
    }

    @Test
    void refusedThenStartedOnceThePausedOneIsKilledItAdoptsAndNoKeyChanges() {
        MusterProcess paused = published();
        bed.recorder.clear();
        paused.pause();
        MusterProcess refused = bed.agent(TTL);
        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.log()).contains(REFUSED);
        paused.close(); // SIGKILL
        MusterProcess successor = bed.agent(TTL).awaitReady();
        long ready = System.nanoTime();
        AgentBed.awaitSince(ready, TTL.plusSeconds(1));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(successor.log()).contains("goes on with lease");
        assertThat(bed.value(bed.key("web02", "state"))).isEqualTo("up");
    }

    @Test
    void aRefusedOneLeavesTheAgentThatGoesOnUndisturbed() {
        MusterProcess paused = published();
        bed.recorder.clear();
        paused.pause();
        assertThat(bed.agent(TTL).awaitExit()).isEqualTo(1);
        paused.unpause();
        String late = bed.container("web03", "--label=muster.check=none");
        bed.awaitPublished("web03");
        assertThat(bed.value(bed.key("web03", "container_id"))).isEqualTo(late);
        assertThat(bed.recorder.all(bed.key("web01", ""))).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
    }
}
