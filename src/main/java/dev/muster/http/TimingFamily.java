package dev.muster.http;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The timings of one name, told apart by their labels. */
final class TimingFamily implements Collector {

    private final String name;
    private final String help;
    private final Map<List<String>, Timing> timings = new LinkedHashMap<>();

    TimingFamily(String name, String help) {
        this.name = name;
        this.help = help;
    }

    synchronized Timing of(String... labels) {
        return timings.computeIfAbsent(List.of(labels), key -> new Timing());
    }

    @Override
    public synchronized HistogramSnapshot collect() {
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        timings.forEach((labels, timing) -> points.add(HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(boxed(Timing.BOUNDS), boxed(timing.counts())))
                .sum(timing.sumSeconds())
                .labels(Labels.of(labels.toArray(new String[0])))
                .build()));
        return new HistogramSnapshot(new MetricMetadata(name, help), points);
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static List<Long> boxed(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
