package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdRecorder.Change;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One instance id on two machines: the first keeps it; the second has it as soon as the first machine's lease is over. */
@Tag("fault-14")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InstanceClaimedByTwoHostsIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(1);

    private static AgentBed bed;
    private static MusterHost first;
    private static MusterHost second;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        List<MusterHost> hosts = bed.hosts(2, TTL);
        first = hosts.getFirst();
        second = hosts.getLast();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static long conflicts(String instance) {
        String sentence =
                "%s/%s cannot be published: it is held by '%s'".formatted(bed.service, instance, first.name());
        return second.agent
                .log()
                .lines()
                .filter(line -> line.contains(sentence))
                .count();
    }

    private static void takenBySecondRightAfterItsExpiry(String instance) {
        Change gone = bed.awaitGone(instance, TTL.plusSeconds(3));
        Change taken = bed.awaitTaken(instance, Duration.ofSeconds(5));
        assertThat(taken.value()).isEqualTo(second.name());
        assertThat(taken.revision()).isGreaterThan(gone.revision());
        assertThat(AgentBed.measured(instance + " expired, then taken over", gone.nanos(), taken.nanos()))
                .isLessThan(SOON);
        bed.awaitPublished(instance);
        assertThat(bed.value(bed.key(instance, "private_ipv4_addr"))).isEqualTo(second.machine.address());
    }

    @Test
    @Order(1)
    void whatMovesFromAHostThatLivesIsPublishedWithoutAWait() {
        first.container("web03");
        bed.awaitPublished("web03");
        second.container("web03");
        await().until(() -> conflicts("web03") == 1);
        bed.recorder.clear();
        first.docker.engine("rm", "-f", "web03");
        Change gone = bed.awaitGone("web03", Duration.ofSeconds(5));
        Change taken = bed.awaitTaken("web03", Duration.ofSeconds(5));
        assertThat(taken.value()).isEqualTo(second.name());
        assertThat(AgentBed.measured("left, then published by the other host", gone.nanos(), taken.nanos()))
                .isLessThan(SOON);
    }

    @Test
    @Order(2)
    void theFirstKeepsItAndTheSecondReportsItOnceAndTakesItWhenItsHostIsLost() {
        first.container("web01");
        first.container("web02");
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        second.container("web01");
        await().until(() -> conflicts("web01") == 1);
        bed.recorder.clear();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree())).as("while the first lives").isEmpty();
        assertThat(bed.value(bed.key("web01", "owner"))).isEqualTo(first.name());
        assertThat(conflicts("web01")).as("reported once").isEqualTo(1);

        bed.recorder.clear();
        first.kill();
        second.container("web02"); // moved by whoever noticed, while the lost host's lease lives
        assertThat(bed.recorder.all(bed.tree())).as("the old lease lives").isEmpty();
        takenBySecondRightAfterItsExpiry("web01");
        takenBySecondRightAfterItsExpiry("web02");
    }
}
