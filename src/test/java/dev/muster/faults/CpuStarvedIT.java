package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.Pages;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent may use a twentieth of a core, and is asked for more work than that allows. */
@Tag("fault-6")
final class CpuStarvedIT {

    /** The shortest of which the agent does not warn. */
    private static final Duration TTL = Duration.ofSeconds(6);

    private static final Duration STARVED = TTL.multipliedBy(4);

    /** Of the kernel's accounting: cpu.cfs_period_us. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static AgentBed bed;
    private static MusterHost host;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        host = bed.host(TTL, Map.of());
        host.container("web01", "--label=muster.check=none");
        host.container("web02");
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void itsLeaseIsRenewedAndNoKeyChanges() {
        Pages pages = host.agent.pages();
        bed.recorder.clear();
        long throttled = host.agent.throttled();
        host.agent.cpuQuota("5%");
        long starved = System.nanoTime();
        while (AgentBed.between(starved, System.nanoTime()).compareTo(STARVED) < 0) {
            pages.text("/metrics"); // work that keeps it from its renewals
        }
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
        assertThat(host.agent.throttled() - throttled)
                .as("periods in which it had to wait")
                .isGreaterThan(STARVED.dividedBy(PERIOD) / 2);
        host.agent.cpuQuota("");
        assertThat(pages.metric("muster_lease_age_seconds")).isLessThan((double) TTL.toSeconds());

        host.container("web03");
        bed.awaitPublished("web03");
        assertThat(bed.recorder.all(bed.tree())).as("the recorder sees changes").isNotEmpty();
    }
}
