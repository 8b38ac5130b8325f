package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdRecorder.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the agent and etcd send each other is lost, and nobody is told: neither a refusal nor an end of the connection. */
@Tag("fault-8")
final class AgentCutFromEtcdIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final List<String> INSTANCES = List.of("web01", "web02");

    private static AgentBed bed;
    private static MusterHost host;

    /** Where it is lost. */
    enum Cut {
        /** By a packet filter of the agent's host: the kernel sends again, ever more seldom. */
        AT_THE_HOST {
            @Override
            void begin() {
                String rule = "tcp %s " + host.link.port() + " drop";
                host.machine.exec("nft", """
                        add table inet cut
                        add chain inet cut out { type filter hook output priority 0; }
                        add chain inet cut in { type filter hook input priority 0; }
                        add rule inet cut out %s
                        add rule inet cut in %s
                        """.formatted(rule.formatted("dport"), rule.formatted("sport")));
            }

            @Override
            void end() {
                host.machine.exec("nft", "delete table inet cut");
            }
        },
        /** On the way: what has been sent is acknowledged, and arrives when the cut ends. */
        ON_THE_WAY {
            @Override
            void begin() {
                host.link.stall();
            }

            @Override
            void end() {
                host.link.resume();
            }
        };

        abstract void begin();

        abstract void end();
    }

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        host = bed.host(TTL, Map.of());
        host.container("web01", "--label=muster.check=none");
        host.container("web02");
        INSTANCES.forEach(bed::awaitPublished);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource
    void forHalfOfItsTimeToLiveNothingChanges(Cut cut) {
        bed.recorder.clear();
        cut.begin();
        long begun = System.nanoTime();
        AgentBed.awaitSince(begun, Duration.ofMillis(100)); // what was under way has arrived
        long passed = host.link.bytes();
        AgentBed.awaitSince(begun, TTL.dividedBy(2));
        assertThat(host.link.bytes()).as("nothing has passed").isEqualTo(passed);
        cut.end();
        AgentBed.awaitSince(begun, TTL.multipliedBy(2)); // a lease that was not renewed would be over
        assertThat(host.link.bytes()).as("renewals pass again").isGreaterThan(passed);
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void forThreeTimesItsTimeToLiveItsKeysGoAndComeBack(Cut cut) {
        bed.recorder.clear();
        cut.begin();
        long begun = System.nanoTime();
        for (String instance : INSTANCES) {
            Change gone = bed.awaitGone(instance, TTL.plusSeconds(3));
            assertThat(AgentBed.measured(cut + ": " + instance + " gone", begun, gone.nanos()))
                    .isBetween(TTL.dividedBy(2), TTL.plusSeconds(3));
        }
        AgentBed.awaitSince(begun, TTL.multipliedBy(3));
        assertThat(bed.published()).isEmpty();
        cut.end();
        long ended = System.nanoTime();
        for (String instance : INSTANCES) {
            Change back = bed.awaitTaken(instance, Duration.ofSeconds(5));
            assertThat(AgentBed.measured(cut + ": " + instance + " back", ended, back.nanos()))
                    .isLessThan(Duration.ofSeconds(5));
            bed.awaitPublished(instance);
        }
        assertThat(bed.value("/muster/agents/" + host.name())).isNotEmpty();
        assertThat(bed.recorder.all(bed.tree() + "gone/"))
                .as("nothing was meant to go")
                .isEmpty();
        bed.recorder.clear();
        AgentBed.awaitSince(ended, TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree()))
                .as("once it is back, nothing is written, and the new lease is renewed")
                .isEmpty();
    }
}
