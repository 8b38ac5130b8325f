package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Only the agent's time of day jumps (libfaketime); its monotonic clock, and the clocks of all others, go on. */
@Tag("fault-7")
final class WallClockJumpsIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final String CLOCK = "/run/muster-clock";

    private static AgentBed bed;
    private static MusterHost host;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        host = bed.host(
                TTL,
                Map.of(
                        "LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                        "FAKETIME_TIMESTAMP_FILE", CLOCK,
                        "FAKETIME_NO_CACHE", "1",
                        "FAKETIME_FORCE_MONOTONIC_FIX", "0", // else every timed wait of the JVM waits for ever
                        "DONT_FAKE_MONOTONIC", "1"));
        host.container("web01", "--label=muster.check=none");
        host.container("web02");
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static Duration ahead() {
        return Duration.between(Instant.now(), host.agent.pages().clock());
    }

    private static void set(Duration offset) {
        host.machine.exec("sh", "-c", "echo %+d >%2$s.new && mv %2$s.new %2$s".formatted(offset.toSeconds(), CLOCK));
        await("the agent has seen the jump")
                .until(() -> ahead().minus(offset).abs().toSeconds() < 10);
    }

    private static void nothingChangesForLong() {
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
        assertThat(host.agent.pages().metric("muster_lease_age_seconds")).isBetween(0.0, (double) TTL.toSeconds());
        assertThat(host.agent.log()).as("its lease is not even doubted").doesNotContain("is lost");
    }

    @Test
    void anHourForwardAndBackAndAnHourIntoThePastNothingChanges() {
        assertThat(ahead()).isLessThan(Duration.ofSeconds(10));
        bed.recorder.clear();
        set(Duration.ofHours(1));
        nothingChangesForLong();
        set(Duration.ZERO);
        nothingChangesForLong();
        set(Duration.ofHours(-1));
        nothingChangesForLong();

        host.container("web03");
        bed.awaitPublished("web03");
        host.docker.engine("rm", "-f", "web03");
        bed.awaitGone("web03", Duration.ofSeconds(5));
    }
}
