package dev.muster.bench;

import java.util.Collection;
import java.util.List;

/** Measured milliseconds. */
final class Samples {

    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    static Samples ofNanos(Collection<Long> nanos) {
        return new Samples(
                nanos.stream().mapToDouble(value -> value / 1e6).sorted().toArray());
    }

    /** Without the first tenth, which finds cold code. */
    static Samples warmed(List<Long> nanos) {
        return ofNanos(nanos.subList(nanos.size() / 10, nanos.size()));
    }

    double p50() {
        return at(0.50);
    }

    double p99() {
        return at(0.99);
    }

    /** Nearest rank. */
    private double at(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }
}
