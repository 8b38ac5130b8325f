package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.testkit.EtcdRecorder.Change;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole machine is gone at once, its agent with it; another one, and a balancer that routes to both, live on. */
@Tag("fault-5")
final class HostLostIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration BOUND = TTL.plusSeconds(5);

    /** From when on nothing may be sent to it any more. */
    private static final Duration LAST_REQUEST = Duration.ofSeconds(3);

    private static final List<String> LOST = List.of("web01", "web02");
    private static final List<String> KEPT = List.of("web03", "web04");

    private static AgentBed bed;
    private static MusterHost lost;
    private static MusterHost kept;
    private static HaproxyFixture haproxy;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        haproxy = new HaproxyFixture();
        List<MusterHost> hosts = bed.hosts(2, TTL);
        lost = hosts.getFirst();
        kept = hosts.getLast();
        LOST.forEach(lost::container);
        KEPT.forEach(kept::container);
        LOST.forEach(bed::awaitPublished);
        KEPT.forEach(bed::awaitPublished);
        bed.watcher(haproxy);
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
        haproxy.close();
    }

    /** Sessions that the balancer has opened to an instance so far; empty where it does not know it. */
    private static OptionalLong sessions(String instance) throws Exception {
        return haproxy.stat(bed.service, instance, "stot");
    }

    @Test
    void itsKeysExpireAndNothingElseChangesAndNoRequestGoesThereForLong() throws Exception {
        long began = System.nanoTime();
        try (Traffic traffic = new Traffic(haproxy.port(), bed.service, "/etc/hostname")) {
            await().until(() -> traffic.outcomes(began, System.nanoTime()).containsAll(LOST)
                    && traffic.outcomes(began, System.nanoTime()).containsAll(KEPT));
            String others = keysOfOthers();
            bed.recorder.clear();
            long killing = System.nanoTime();
            lost.kill();
            long killed = System.nanoTime(); // a busy engine takes its time

            AgentBed.awaitSince(killed, LAST_REQUEST);
            for (String instance : LOST) {
                OptionalLong sent = sessions(instance);
                while (sessions(instance).isPresent()) {
                    assertThat(sessions(instance)).as("sent to " + instance).isIn(sent, OptionalLong.empty());
                    assertThat(AgentBed.between(killed, System.nanoTime()))
                            .as("out of the balancer")
                            .isLessThan(BOUND.plusSeconds(1));
                }
                Change gone = bed.awaitGone(instance, BOUND);
                assertThat(AgentBed.between(killing, gone.nanos())).isGreaterThan(TTL.dividedBy(2));
                assertThat(AgentBed.measured(instance + " gone", killed, gone.nanos()))
                        .isLessThan(TTL.plusSeconds(3));
            }
            AgentBed.measured("both out of the balancer", killed, System.nanoTime());

            AgentBed.awaitSince(killed, BOUND.plusSeconds(1));
            long end = System.nanoTime();
            assertThat(traffic.outcomes(killed + LAST_REQUEST.toNanos(), end))
                    .isNotEmpty()
                    .allMatch(KEPT::contains);
            assertThat(traffic.outcomes(began, killed)).as("before").allMatch(outcome -> outcome.startsWith("web"));
            assertThat(bed.recorder.all(bed.tree()))
                    .isNotEmpty()
                    .allMatch(Change::deleted)
                    .allMatch(change ->
                            LOST.stream().anyMatch(web -> change.key().startsWith(bed.key(web, ""))));
            assertThat(keysOfOthers()).as("to their revisions").isEqualTo(others);
            assertThat(bed.value("/muster/agents/" + lost.name())).isEmpty();
        }
    }

    private static String keysOfOthers() {
        StringBuilder all = new StringBuilder(bed.stored("/muster/agents/" + kept.name()));
        KEPT.forEach(instance -> all.append(bed.stored(bed.key(instance, ""))));
        return all.toString();
    }
}
