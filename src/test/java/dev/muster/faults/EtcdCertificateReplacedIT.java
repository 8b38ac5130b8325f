package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.EtcdWithCertificates;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etcd reads its certificate anew for every connection: one of another CA in its place shuts new connections out. */
@OnThisEngine
@Tag("fault-29")
class EtcdCertificateReplacedIT {

    private static final Duration TTL = Duration.ofSeconds(6);
    private static final String TOLD = "nobody in --etcd-ca vouches for its certificate";

    @TempDir
    private static Path folder;

    private static EtcdWithCertificates certificates;
    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() throws IOException {
        certificates = new EtcdWithCertificates(folder);
        bed = new AgentBed(certificates.etcd, certificates.recorder());
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL, certificates.trust).awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** @return the monotonic time at which etcd was back with a certificate that the agent does not trust */
    private static long restartWithAnothers(int from) {
        certificates.restartWithAnothers();
        long back = System.nanoTime();
        bed.recorder.resume();
        await("told").atMost(TTL).until(() -> AgentBed.told(agent, from, TOLD) > 0);
        assertThat(agent.status("/health/ready")).isEqualTo(503);
        return back;
    }

    @Test
    void forAShortWhileNothingChanges() {
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        long back = restartWithAnothers(from);
        certificates.showOurs();
        agent.awaitReady();
        AgentBed.awaitSince(back, TTL.plusSeconds(2));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
        assertThat(AgentBed.told(agent, from, TOLD)).isOne();
    }

    @Test
    void beyondItsLeaseItsKeysExpireAndNobodySaysGoodbye() {
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        restartWithAnothers(from);
        bed.recorder.await(
                TTL.multipliedBy(2),
                "its expiry",
                change -> change.deleted() && change.key().equals(bed.key("web01", "owner")));
        certificates.showOurs();
        long shown = System.nanoTime();
        Change back = bed.recorder.await(
                Duration.ofSeconds(8),
                "it is back",
                change -> !change.deleted() && change.key().equals(bed.key("web01", "owner")));
        AgentBed.measured("the right certificate is shown, and published again", shown, back.nanos());
        assertThat(bed.recorder.all(bed.tree() + "gone/")).isEmpty();
        assertThat(AgentBed.told(agent, from, TOLD))
                .as("with its lease, and without")
                .isBetween(1L, 2L);
        agent.awaitReady();
    }
}
