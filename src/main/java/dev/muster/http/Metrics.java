package dev.muster.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the program tells of itself in numbers, under {@code muster_*}. Whoever counts keeps plain numbers and says here
 * where they can be read; Micrometer comes in with the first scrape, since it costs more time and memory than a start has.
 * Thread-safe.
 */
public final class Metrics {

    // Also what keeps the suppliers alive: Micrometer's counters do not.
    private final List<Consumer<PrometheusMeterRegistry>> numbers = new ArrayList<>();
    private final Map<String, TimingFamily> timings = new LinkedHashMap<>();
    private @Nullable PrometheusMeterRegistry registry;

    /**
     * A number that only grows; {@code events} is scraped as {@code muster_events_total}.
     *
     * @param labels names and values in turn
     */
    public synchronized void counter(String name, String help, LongSupplier total, String... labels) {
        add(to -> FunctionCounter.builder("muster_" + name, total, LongSupplier::getAsLong)
                .description(help)
                .tags(labels)
                .register(to));
    }

    /**
     * A number that goes up and down; NaN while it is not known.
     *
     * @param name with its unit, {@code lease_age_seconds}
     * @param labels names and values in turn
     */
    public synchronized void gauge(String name, String help, DoubleSupplier value, String... labels) {
        add(to -> Gauge.builder("muster_" + name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(labels)
                .strongReference(true)
                .register(to));
    }

    /**
     * A distribution of durations, scraped as a histogram; asked for twice, it is the same one.
     *
     * @param name with its unit, which is seconds: {@code propagation_seconds}
     * @param labels names and values in turn; one name always has the same label names
     */
    public synchronized Timing timing(String name, String help, String... labels) {
        TimingFamily family = timings.get(name);
        if (family == null) {
            TimingFamily made = new TimingFamily("muster_" + name, help);
            timings.put(name, made);
            add(to -> to.getPrometheusRegistry().register(made));
            family = made;
        }
        return family.of(labels);
    }

    /** Everything in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        return registry().scrape();
    }

    private void add(Consumer<PrometheusMeterRegistry> number) {
        numbers.add(number);
        if (registry != null) {
            number.accept(registry);
        }
    }

    private synchronized PrometheusMeterRegistry registry() {
        if (registry == null) {
            PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            numbers.forEach(number -> number.accept(made));
            registry = made;
        }
        return registry;
    }
}
