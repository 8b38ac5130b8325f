package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** etcd is away, or comes back empty, while a balancer serves what it knew: nothing of that reaches the ones who ask. */
class EtcdLostBehindBalancerIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration DOWN = TTL.multipliedBy(4);
    private static final List<String> ALL = List.of("web01", "web02");

    private static AgentBed bed;
    private static HaproxyFixture haproxy;
    private static MusterProcess agent;
    private static MusterProcess watcher;

    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        haproxy = new HaproxyFixture();
        ALL.forEach(EtcdLostBehindBalancerIT::container);
        agent = bed.agent(TTL).awaitReady();
        ALL.forEach(bed::awaitPublished);
        watcher = bed.watcher(haproxy);
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
        haproxy.close();
    }

    private static String container(String instance) {
        return bed.container(instance, "--hostname=" + instance, "--label=muster.check=none");
    }

    @Test
    @Tag("fault-22")
    void downForMinutesTheBalancerStaysAsItIs() throws Exception {
        whileAsked(() -> {
            bed.etcd.kill();
            long killed = System.nanoTime();
            AgentBed.awaitSince(killed, DOWN);
            assertThat(watcher.status("/health/ready")).as("the fault was seen").isEqualTo(503);
            bed.etcd.startAgain();
            agent.awaitReady();
            watcher.awaitReady();
        });
    }

    @Test
    @Tag("fault-23")
    void backWithoutItsDataNothingLeavesTheBalancerAndAllIsRegisteredAgain() throws Exception {
        String before = bed.stored(bed.tree());
        whileAsked(() -> {
            bed.etcd.wipe();
            long wiped = System.nanoTime();
            ALL.forEach(bed::awaitPublished);
            assertThat(AgentBed.measured("everything is published again", wiped, System.nanoTime()))
                    .isLessThan(TTL.plusSeconds(5));
            AgentBed.awaitSince(wiped, TTL.multipliedBy(2));
        });
        assertThat(bed.stored(bed.tree())).as("it was wiped").isNotEqualTo(before);
    }

    /** A fault, from before until after which each instance is asked, is answered for, and has its share in the balancer. */
    private void whileAsked(Fault fault) throws Exception {
        long began = System.nanoTime();
        Thread looks = Thread.ofVirtual().start(this::look);
        try (Traffic traffic = new Traffic(haproxy.port(), bed.service, "/")) {
            await().until(() -> traffic.outcomes(began, System.nanoTime()).containsAll(ALL));
            fault.run();
            long over = System.nanoTime();
            await().until(() -> traffic.outcomes(over, System.nanoTime()).containsAll(ALL));
            assertThat(traffic.outcomes(began, System.nanoTime()))
                    .hasSizeGreaterThan(100)
                    .allMatch(ALL::contains);
            assertThat(out).as("out of the balancer").isEmpty();

            String more = container("web03");
            await().until(() -> traffic.outcomes(over, System.nanoTime()).contains("web03"));
            DockerCli.docker("rm", "-f", more);
            await().until(() -> haproxy.stat(bed.service, "web03", "weight").isEmpty());
        } finally {
            enough = true;
            looks.join();
        }
    }

    /** At each look that finds an instance without its share, that is noted. */
    private void look() {
        while (!enough) {
            for (String instance : ALL) {
                try {
                    if (haproxy.stat(bed.service, instance, "weight").orElse(0) == 0) {
                        out.add(instance);
                    }
                } catch (Exception e) {
                    out.add(instance + " was not seen: " + e);
                }
            }
        }
    }

    private interface Fault {
        void run() throws Exception;
    }
}
