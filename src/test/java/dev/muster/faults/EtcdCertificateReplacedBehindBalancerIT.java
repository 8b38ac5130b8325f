package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdWithCertificates;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etcd shows a certificate that neither agent nor watcher trusts, for longer than all leases last: seen from the balancer. */
@OnThisEngine
@Tag("fault-29")
class EtcdCertificateReplacedBehindBalancerIT {

    private static final String TOLD = "nobody in --etcd-ca vouches for its certificate";

    @TempDir
    private static Path folder;

    private static EtcdWithCertificates certificates;
    private static AgentBed bed;
    private static BalancerBed behind;

    @BeforeAll
    static void start() throws IOException {
        certificates = new EtcdWithCertificates(folder);
        bed = new AgentBed(certificates.etcd, certificates.recorder());
        behind = new BalancerBed(
                bed,
                here -> here.agent(BalancerBed.TTL, certificates.trust),
                (here, haproxy) -> here.watcher(haproxy, certificates.trust));
    }

    @AfterAll
    static void stop() {
        behind.close();
    }

    @Test
    void allRegistrationsExpireUnseenAndTheBalancerStaysAsItIs() throws Exception {
        behind.whileAsked(() -> {
            int before = AgentBed.lines(behind.watcher);
            certificates.restartWithAnothers();
            bed.recorder.resume();
            for (MusterProcess shutOut : List.of(behind.agent, behind.watcher)) {
                await("it is told").atMost(BalancerBed.BOUND).until(() -> AgentBed.told(shutOut, 0, TOLD) > 0);
                assertThat(shutOut.status("/health/ready")).isEqualTo(503);
            }
            for (String instance : BalancerBed.ALL) {
                await(instance + " has expired")
                        .atMost(BalancerBed.TTL.multipliedBy(3))
                        .until(() -> bed.value(bed.key(instance, "owner")).isEmpty());
            }
            AgentBed.awaitSince(System.nanoTime(), BalancerBed.TTL.multipliedBy(3));
            assertThat(AgentBed.told(behind.watcher, before, TOLD))
                    .as(behind.watcher.log())
                    .isOne();

            certificates.showOurs();
            behind.agent.awaitReady();
            behind.watcher.awaitReady();
            BalancerBed.ALL.forEach(bed::awaitPublished);
        });
    }
}
