package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.OnThisEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etcd shows agent and watcher a certificate of another authority, for longer than any lease: seen from the balancer. */
@OnThisEngine
@Tag("fault-29")
class EtcdCertificateReplacedBehindBalancerIT {

    private static final String TOLD = "nobody in --etcd-ca vouches for its certificate";

    @TempDir
    private static Path folder;

    private static ShownCertificate shown;
    private static BalancerBed behind;

    @BeforeAll
    static void start() throws Exception {
        shown = new ShownCertificate(folder);
        behind = new BalancerBed(
                shown.bed,
                here -> here.agent(BalancerBed.TTL, shown.trust()),
                (here, haproxy) -> here.watcher(haproxy, shown.trust()));
    }

    @AfterAll
    static void stop() {
        behind.close();
    }

    @Test
    void theBalancerStaysAsItIsAlthoughEveryRegistrationExpires() throws Exception {
        behind.whileAsked(() -> {
            int from = AgentBed.lines(behind.watcher);
            shown.restartWithOthers();
            await("told").atMost(BalancerBed.BOUND).until(() -> AgentBed.told(behind.watcher, from, TOLD) > 0);
            for (String instance : BalancerBed.ALL) {
                shown.bed.awaitGone(instance, BalancerBed.TTL.multipliedBy(3));
            }
            assertThat(behind.watcher.status("/health/ready")).isEqualTo(503);
            shown.showOurs();
            behind.watcher.awaitReady();
            BalancerBed.ALL.forEach(shown.bed::awaitPublished);
        });
    }
}
