package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One instance id, claimed by two owners: the first keeps it, the second reports it once and takes over when it goes. */
@OnThisEngine
@Tag("fault-14")
class AgentConflictIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    private static AgentBed bed;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void theFirstKeepsItAndTheSecondTakesOverWithinASecondOfItsExpiry() {
        String owner = bed.key("web01", "owner");
        MusterProcess first = bed.agent(TTL, "--agent-id=first").awaitReady();
        bed.awaitPublished("web01");
        MusterProcess second = bed.agent(TTL, "--agent-id=second").awaitReady();
        await().until(() -> conflicts(second) == 1);
        bed.recorder.clear();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree())).as("while the first lives").isEmpty();
        assertThat(conflicts(second)).as("reported once").isEqualTo(1);

        first.kill();
        Change gone = bed.recorder.await(
                TTL.plusSeconds(3),
                "the key goes",
                change -> change.deleted() && change.key().equals(owner));
        Change taken = bed.recorder.await(
                Duration.ofSeconds(5),
                "it is taken",
                change -> !change.deleted() && change.key().equals(owner));
        assertThat(taken.value()).isEqualTo("second");
        assertThat(AgentBed.measured("expired, then taken over", gone.nanos(), taken.nanos()))
                .isLessThan(Duration.ofSeconds(1));
    }

    private static long conflicts(MusterProcess agent) {
        return agent.log()
                .lines()
                .filter(line -> line.contains(bed.service + "/web01 cannot be published: it is held by 'first'"))
                .count();
    }

    @Test
    void aSecondAgentOfTheSameNameIsTurnedAway() {
        bed.agent(TTL, "--agent-id=third").awaitReady();
        MusterProcess other = bed.agent(TTL, "--agent-id=third");
        assertThat(other.awaitExit()).isEqualTo(1);
        assertThat(other.log()).contains("another muster agent named 'third' runs on this machine");
    }
}
