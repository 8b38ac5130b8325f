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

/** A successor renews its predecessor's lease and writes nothing, unless it comes too late. */
@OnThisEngine
@Tag("fault-2")
class AgentKilledAndRestartedIT {

    private static final Duration TTL = Duration.ofSeconds(9);
    private static final Duration IN_TIME = TTL.multipliedBy(2).dividedBy(3).minusSeconds(1);

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

    /** What this bed's agent has in etcd: its record, and all that it says of this bed's containers. */
    private static String all() {
        return bed.stored("/muster/") + bed.stored(bed.tree());
    }

    private MusterProcess published(String... options) {
        MusterProcess agent = bed.agent(TTL, options).awaitReady();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        return agent;
    }

    @Test
    void killedOrTerminatedAndStartedAgainItChangesNoKey() {
        MusterProcess first = published();
        String before = all();
        bed.recorder.clear();

        first.kill();
        long killed = System.nanoTime();
        MusterProcess second = bed.agent(TTL).awaitReady();
        assertThat(AgentBed.measured("killed, started again and ready", killed, System.nanoTime()))
                .as("else it proves nothing")
                .isLessThan(IN_TIME);
        AgentBed.awaitSince(killed, TTL.plusSeconds(1));

        assertThat(second.terminate()).isZero();
        long terminated = System.nanoTime();
        MusterProcess third = bed.agent(TTL).awaitReady();
        AgentBed.awaitSince(terminated, TTL.plusSeconds(1));

        assertThat(bed.recorder.all())
                .filteredOn(change -> !isOthers(change.key()))
                .isEmpty();
        assertThat(bed.stored(bed.tree())).isNotEmpty();
        assertThat(all()).isEqualTo(before);
        assertThat(third.log()).contains("goes on with lease");
    }

    @Test
    void startedAgainTooLateItHasToWriteEverythingAnew() {
        published().kill();
        bed.recorder.clear();
        bed.recorder.await(
                TTL.plusSeconds(3),
                "the key goes",
                change -> change.deleted() && change.key().equals(bed.key("web02", "owner")));
        published();
        assertThat(bed.recorder.all(bed.key("web02", "owner"))).hasSize(2);
    }

    @Test
    void toldToWithdrawItLeavesNothingButItsGoodbyes() {
        MusterProcess agent = published("--on-stop=drain");
        assertThat(agent.terminate()).isZero();
        assertThat(bed.stored(bed.key("web01", "")) + bed.stored(bed.key("web02", "")))
                .isEmpty();
        assertThat(bed.value(bed.tree() + "gone/web01")).contains("\"reason\":\"leaving\"");
        published();
        assertThat(bed.value(bed.tree() + "gone/web01"))
                .as("its own next start takes it back")
                .isEmpty();
    }

    /** Containers of tests that run beside this one on the same engine. */
    private static boolean isOthers(String key) {
        return key.startsWith("/services/") && !key.startsWith(bed.tree());
    }
}
