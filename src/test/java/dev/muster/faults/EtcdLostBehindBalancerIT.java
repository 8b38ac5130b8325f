package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.TcpProxy;
import dev.muster.testkit.WatchFrames;
import io.etcd.jetcd.api.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** etcd is away, or comes back with other data, or its watch is cut: nothing of that reaches the ones who ask a balancer. */
@OnThisEngine
class EtcdLostBehindBalancerIT {

    private static final int CUTS = 3;

    private static BalancerBed behind;
    private static AgentBed bed;
    private static TcpProxy watchersWay;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        watchersWay = new TcpProxy(bed.etcd.port(), TcpProxy.HTTP2_FRAMES);
        behind = new BalancerBed(
                bed,
                here -> here.agent(BalancerBed.TTL, "--resync=2s"),
                (here, haproxy) -> here.watcherAt("http://127.0.0.1:" + watchersWay.port(), haproxy));
    }

    @AfterAll
    static void stop() {
        behind.close();
        watchersWay.close();
    }

    @Test
    @Tag("fault-22")
    void downForMinutesTheBalancerStaysAsItIs() throws Exception {
        behind.whileAsked(() -> {
            bed.etcd.kill();
            long killed = System.nanoTime();
            AgentBed.awaitSince(killed, BalancerBed.TTL.multipliedBy(4));
            assertThat(behind.watcher.status("/health/ready"))
                    .as("the fault was seen")
                    .isEqualTo(503);
            bed.etcd.startAgain();
            behind.agent.awaitReady();
            behind.watcher.awaitReady();
        });
    }

    @Test
    @Tag("fault-23")
    void backWithoutItsDataNothingLeavesTheBalancerAndAllIsRegisteredAgain() throws Exception {
        String before = bed.stored(bed.tree());
        behind.whileAsked(() -> {
            bed.etcd.wipe();
            long wiped = System.nanoTime();
            BalancerBed.ALL.forEach(bed::awaitPublished);
            assertThat(AgentBed.measured("everything is published again", wiped, System.nanoTime()))
                    .isLessThan(BalancerBed.BOUND);
            AgentBed.awaitSince(wiped, BalancerBed.TTL.multipliedBy(2));
        });
        assertThat(bed.stored(bed.tree())).as("it was wiped").isNotEqualTo(before);
    }

    @Test
    @Tag("fault-24")
    void anOlderSnapshotIsRestoredAndWhatLivesStays() throws Exception {
        String ended = behind.container("ended");
        bed.awaitPublished("ended");
        Path snapshot = bed.etcd.snapshot();
        behind.end(ended, "ended");
        String begun = behind.balanced("begun");
        behind.whileAsked(() -> {
            int from = AgentBed.lines(behind.watcher);
            behind.agent.pause(); // the watcher sees it first
            bed.etcd.restore(snapshot);
            long restored = System.nanoTime();
            await("the watcher has read it")
                    .until(() -> AgentBed.told(behind.watcher, from, "is not taken for gone before") > 0);
            AgentBed.awaitSince(System.nanoTime(), Duration.ofMillis(500));
            assertThat(bed.value(bed.key("begun", "owner"))).isEmpty();
            assertThat(behind.weight("begun")).as("it lives").isPositive();
            behind.agent.unpause();
            await("keys equal the containers").atMost(BalancerBed.BOUND).until(() -> {
                assertThat(behind.weight("begun")).as("it lives").isPositive();
                return bed.value(bed.key("begun", "state")).equals("up")
                        && bed.value(bed.key("ended", "owner")).isEmpty();
            });
            AgentBed.measured("an older snapshot is restored, and all as it should be", restored, System.nanoTime());
            behind.awaitNotBalanced("ended");
        });
        behind.end(begun, "begun");
    }

    @Test
    @Tag("fault-25")
    void compactedPastTheWatchEverythingIsReadAnew() throws Exception {
        String ends = behind.balanced("ends");
        behind.whileAsked(() -> {
            double reads = behind.watcher.metric("muster_rereads_total");
            behind.watcher.pause();
            watchersWay.cut();
            String begun = behind.changeUnseen(ends, "ends");
            bed.etcd.compact();
            assertThat(behind.weight("ends")).as("not seen yet").isPositive();
            behind.watcher.unpause();
            behind.awaitSeen("ends");
            assertThat(behind.watcher.metric("muster_rereads_total")).isGreaterThan(reads);
            behind.end(begun, "begun");
        });
    }

    @Test
    @Tag("fault-26")
    void cutRightAfterTheWatchIsCreatedNothingIsMissed() throws Exception {
        String ends = behind.balanced("ends");
        behind.whileAsked(() -> {
            watchersWay.stall();
            String begun = behind.changeUnseen(ends, "ends");
            AtomicInteger left = new AtomicInteger(CUTS);
            Predicate<byte[]> created = WatchFrames.of(WatchResponse::getCreated);
            watchersWay.cutAfter(frame -> created.test(frame) && left.getAndDecrement() > 0);
            watchersWay.cut();
            watchersWay.resume();
            behind.awaitSeen("ends");
            await("it was cut each time").until(() -> left.get() <= 0);
            behind.end(begun, "begun");
        });
    }

    @Test
    @Tag("fault-28")
    void junkOfOthersIsSetAside() throws Exception {
        String before = behind.watcher.log();
        behind.whileAsked(() -> {
            bed.etcd.put(bed.key("half", "host"), "core-1");
            bed.etcd.put(bed.key("bad", "private_ipv4_addr"), "10.0.0.300");
            bed.etcd.put(bed.key("bad", "port"), "80; rm -rf /");
            bed.etcd.put(bed.tree() + "gone/web01", "{\"reason\":");
            bed.etcd.ctlWithInput(
                    "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), "put", bed.key("huge", "attributes"));
            await("told")
                    .until(() -> behind.watcher.log().substring(before.length()).contains("set aside"));
        });
        for (String instance : new String[] {"half", "bad", "huge"}) {
            assertThat(behind.weight(instance)).isNegative();
            bed.etcd.ctl("del", "--prefix", bed.key(instance, ""));
        }
        bed.etcd.ctl("del", bed.tree() + "gone/web01");
    }
}
