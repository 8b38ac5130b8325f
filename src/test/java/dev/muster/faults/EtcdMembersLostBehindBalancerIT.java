package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdCluster;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of three members the leader is lost, or with a follower: seen from a balancer that agent and watcher keep in step. */
@OnThisEngine
class EtcdMembersLostBehindBalancerIT {

    /** A call that was under way when the leader was lost is given up after five seconds. */
    private static final Duration FOLLOWED = Duration.ofSeconds(10);

    private static EtcdCluster cluster;
    private static BalancerBed behind;
    private static AgentBed bed;

    enum Loss {
        DIES {
            @Override
            void harm(EtcdProcess member) {
                member.kill();
            }

            @Override
            void mend(EtcdProcess member) {
                member.startWithoutWaiting();
            }
        },
        HANGS {
            @Override
            void harm(EtcdProcess member) {
                member.pause();
            }

            @Override
            void mend(EtcdProcess member) {
                member.unpause();
            }
        },
        FALLS_SILENT {
            @Override
            void harm(EtcdProcess member) {
                cluster.silence(member);
            }

            @Override
            void mend(EtcdProcess member) {
                cluster.unsilence(member);
            }
        };

        abstract void harm(EtcdProcess member);

        abstract void mend(EtcdProcess member);
    }

    @BeforeAll
    static void start() {
        cluster = EtcdCluster.startLinked();
        bed = new AgentBed(cluster);
        behind = new BalancerBed(bed);
    }

    @AfterAll
    static void stop() {
        behind.close();
    }

    private static void awaitAllWell() {
        await("all members answer")
                .atMost(Duration.ofSeconds(20))
                .until(() -> cluster.members().stream().allMatch(EtcdProcess::isHealthy));
        behind.agent.awaitReady();
        behind.watcher.awaitReady();
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    @Tag("fault-20")
    void withoutTheLeaderNothingLeavesAndWhatBeginsIsServed(Loss loss) throws Exception {
        behind.whileAsked(() -> {
            EtcdProcess lost = cluster.leader();
            loss.harm(lost);
            long harmed = System.nanoTime();
            String begun = behind.container("begun");
            await("what begins meanwhile is served").atMost(FOLLOWED).until(() -> behind.weight("begun") > 0);
            AgentBed.measured("the leader is lost, and what begins is served", harmed, System.nanoTime());
            AgentBed.awaitSince(harmed, BalancerBed.TTL.multipliedBy(2));
            assertThat(lost.equals(cluster.leader())).as("another one leads").isFalse();
            loss.mend(lost);
            awaitAllWell();
            behind.end(begun, "begun");
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"DIES", "HANGS"})
    @Tag("fault-21")
    void withoutAQuorumTheBalancerStaysAsItIs(Loss loss) throws Exception {
        behind.whileAsked(() -> {
            List<EtcdProcess> lost =
                    List.of(cluster.leader(), cluster.followers().getFirst());
            lost.forEach(loss::harm);
            long harmed = System.nanoTime();
            String begun = behind.container("begun");
            AgentBed.awaitSince(harmed, BalancerBed.TTL.multipliedBy(3));
            assertThat(behind.watcher.status("/health/ready"))
                    .as("the fault was seen")
                    .isEqualTo(503);
            assertThat(behind.weight("begun")).as("nobody can say so").isNegative();
            lost.forEach(loss::mend);
            awaitAllWell();
            behind.awaitBalanced("begun");
            behind.end(begun, "begun");
        });
    }
}
