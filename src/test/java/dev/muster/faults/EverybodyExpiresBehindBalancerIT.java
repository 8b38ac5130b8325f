package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All registrations expire at once, and all watchers are away: seen from the balancer. */
@OnThisEngine
class EverybodyExpiresBehindBalancerIT {

    private static final Duration EXPIRED = BalancerBed.TTL.plusSeconds(3);

    private AgentBed bed;
    private BalancerBed behind;

    @BeforeEach
    void start() {
        bed = new AgentBed();
        behind = new BalancerBed(bed);
    }

    @AfterEach
    void stop() {
        behind.close();
    }

    private String record() {
        return bed.etcd.ctl("get", "--prefix", "--print-value-only", "/muster/applied/" + bed.service + "/");
    }

    @Test
    @Tag("fault-33")
    void whatStillAnswersIsHeldAndServesOn() throws Exception {
        behind.whileAsked(() -> {
            behind.agent.kill();
            for (String instance : BalancerBed.ALL) {
                bed.awaitGone(instance, EXPIRED);
            }
            await("the record says that they are held").until(() -> record().contains("\"held\":[{"));
            AgentBed.awaitSince(System.nanoTime(), BalancerBed.TTL.multipliedBy(2));
            assertThat(bed.published()).as("nobody is registered").isEmpty();
            behind.agent = bed.agent(BalancerBed.TTL).awaitReady();
            BalancerBed.ALL.forEach(bed::awaitPublished);
            await("nothing is held").until(() -> record().contains("\"held\":[]"));
        });
    }

    /** They all died, and no goodbye says so: the balancer's own checks keep requests away, its backend is never emptied. */
    @Test
    @Tag("fault-33")
    void whenAllAreDeadTheLastHalfStaysInTheBalancer() throws Exception {
        behind.agent.kill();
        bed.docker.close();
        for (String instance : BalancerBed.ALL) {
            bed.awaitGone(instance, EXPIRED);
        }
        long gone = System.nanoTime();
        Map<String, Long> weights = new HashMap<>();
        do {
            for (String instance : BalancerBed.ALL) {
                weights.put(instance, behind.weight(instance));
            }
            assertThat(weights.values()).as("of which half is kept").anyMatch(weight -> weight > 0);
        } while (AgentBed.between(gone, System.nanoTime()).compareTo(BalancerBed.BOUND) < 0);
        assertThat(weights.values()).as("the other half has left").contains(-1L);
        assertThat(record()).contains("\"held\":[{");

        behind.agent = bed.agent(BalancerBed.TTL).awaitReady();
        BalancerBed.ALL.forEach(behind::container);
        BalancerBed.ALL.forEach(behind::awaitBalanced);
        behind.whileAsked(() -> assertThat(bed.published()).isNotEmpty());
    }

    @Test
    @Tag("fault-32")
    void whileAllWatchersAreAwayTheBalancerServesOnAndThenCatchesUp() throws Exception {
        String ends = behind.balanced("ends");
        behind.whileAsked(() -> {
            behind.watcher.kill();
            String begun = behind.changeUnseen(ends, "ends");
            AgentBed.awaitSince(System.nanoTime(), BalancerBed.TTL.multipliedBy(2));
            assertThat(behind.weight("begun")).as("nobody steers").isNegative();
            assertThat(behind.weight("ends")).as("nobody steers").isPositive();
            behind.watcher = bed.watcher(behind.haproxy);
            behind.awaitSeen("ends");
            behind.end(begun, "begun");
        });
    }
}
