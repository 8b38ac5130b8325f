package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics();

    @Test
    void numbersAreReadAtEachScrape() {
        AtomicLong events = new AtomicLong(3);
        metrics.counter("events", "events received", events::get, "source", "docker");
        metrics.gauge("registrations", "registrations held", () -> events.get() * 2, "state", "up");

        assertThat(metrics.scrape().lines())
                .contains("muster_events_total{source=\"docker\"} 3.0", "muster_registrations{state=\"up\"} 6.0")
                .contains("# HELP muster_events_total events received", "# TYPE muster_events_total counter");
        events.set(5);
        assertThat(metrics.scrape().lines())
                .contains("muster_events_total{source=\"docker\"} 5.0", "muster_registrations{state=\"up\"} 10.0");
    }

    @Test
    void whatIsNotKnownIsNotANumber() {
        metrics.gauge("lease_age_seconds", "since the last renewal", () -> Double.NaN);

        assertThat(metrics.scrape().lines()).contains("muster_lease_age_seconds NaN");
    }

    @Test
    void durationsFallIntoBucketsByProvider() {
        Timing timing = metrics.timing("propagation_seconds", "from change to target", "provider", "haproxy");
        timing.record(Duration.ofMillis(7));
        timing.record(Duration.ofMillis(10));
        timing.record(Duration.ofHours(1));
        metrics.timing("propagation_seconds", "from change to target", "provider", "route53");

        assertThat(metrics.scrape().lines())
                .contains(
                        "# TYPE muster_propagation_seconds histogram",
                        "muster_propagation_seconds_bucket{provider=\"haproxy\",le=\"0.005\"} 0",
                        "muster_propagation_seconds_bucket{provider=\"haproxy\",le=\"0.01\"} 2",
                        "muster_propagation_seconds_bucket{provider=\"haproxy\",le=\"300.0\"} 2",
                        "muster_propagation_seconds_bucket{provider=\"haproxy\",le=\"+Inf\"} 3",
                        "muster_propagation_seconds_count{provider=\"haproxy\"} 3",
                        "muster_propagation_seconds_sum{provider=\"haproxy\"} 3600.017",
                        "muster_propagation_seconds_count{provider=\"route53\"} 0");
        assertThat(metrics.timing("propagation_seconds", "from change to target", "provider", "haproxy"))
                .isSameAs(timing);
    }

    @Test
    void aDurationThatEndedBeforeItBeganTookNoTime() {
        Timing timing = metrics.timing("propagation_seconds", "help");
        timing.record(Duration.ofSeconds(-5));

        assertThat(metrics.scrape().lines())
                .contains("muster_propagation_seconds_bucket{le=\"0.001\"} 1", "muster_propagation_seconds_sum 0.0");
    }

    @Test
    void aNumberThatIsAddedAfterAScrapeIsInTheNext() {
        assertThat(metrics.scrape()).doesNotContain("muster_late");
        metrics.counter("late", "help", () -> 1);
        metrics.timing("late_seconds", "help").record(Duration.ofMillis(1));

        assertThat(metrics.scrape()).contains("muster_late_total 1.0").contains("muster_late_seconds_count 1");
    }
}
