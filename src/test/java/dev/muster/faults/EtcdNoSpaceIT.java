package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** etcd's quota is used up: its alarm lets leases be renewed and refuses every write, a goodbye too. */
@OnThisEngine
@Tag("fault-27")
class EtcdNoSpaceIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final int QUOTA_BYTES = 8 << 20;
    private static final String TOLD = "etcd has no space left and takes no writes";

    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        bed = new AgentBed(EtcdProcess.start("--quota-backend-bytes=" + QUOTA_BYTES));
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** The same key again and again: what a person forgot to compact. */
    private static void useUpAllSpace() {
        byte[] much = "x".repeat(1 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int written = 0; !bed.etcd.ctl("alarm", "list").contains("NOSPACE"); written++) {
            assertThat(written).as("MiB, and no alarm").isLessThan(32);
            try {
                bed.etcd.ctlWithInput(much, "put", "/much");
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("database space exceeded");
            }
        }
    }

    @Test
    void whatIsPublishedStaysAndTheRestFollowsOnceThereIsSpaceAgain() {
        String ends = bed.container("web02", "--label=muster.check=none");
        bed.awaitPublished("web02");
        useUpAllSpace();
        String before = bed.stored(bed.tree());
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        long full = System.nanoTime();
        bed.container("web03", "--label=muster.check=none");
        await("told").atMost(Duration.ofSeconds(5)).until(() -> AgentBed.told(agent, from, TOLD) > 0);
        DockerCli.docker("rm", "-f", ends);
        AgentBed.awaitSince(full, TTL.multipliedBy(3));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.stored(bed.tree())).isEqualTo(before).isNotEmpty();
        assertThat(agent.status("/health/ready")).isEqualTo(503);
        assertThat(agent.page("/metrics")).containsPattern("(?m)^muster_retries_total\\S* [1-9]");

        bed.etcd.compact();
        bed.etcd.ctl("defrag");
        bed.etcd.ctl("alarm", "disarm");
        long space = System.nanoTime();
        await("alone")
                .atMost(Duration.ofSeconds(5))
                .until(() -> bed.value(bed.key("web03", "state")).equals("up")
                        && bed.value(bed.key("web02", "owner")).isEmpty());
        AgentBed.measured("space again, and all as it should be", space, System.nanoTime());
        agent.awaitReady();
        assertThat(bed.recorder.all(bed.tree() + "gone/web02"))
                .as("it was meant")
                .hasSize(1);
        assertThat(bed.recorder.all(bed.key("web01", ""))).isEmpty();
        assertThat(AgentBed.told(agent, from, TOLD))
                .as("for each write that was refused first")
                .isBetween(1L, 2L);
        assertThat(AgentBed.told(agent, from, "agent: works again after")).isOne();
    }
}
