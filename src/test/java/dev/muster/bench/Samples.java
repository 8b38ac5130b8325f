package dev.muster.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Measured milliseconds. */
record Samples(double[] sorted) {

    static Samples ofNanos(Collection<Long> nanos) {
        double[] millis = nanos.stream().mapToDouble(value -> value / 1e6).sorted().toArray();
        return new Samples(millis);
    }

    double p50() {
        return at(0.50);
    }

    double p99() {
        return at(0.99);
    }

    /** Nearest rank. */
    double at(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "n=%d p50=%.1f p99=%.1f %s", sorted.length, p50(), p99(), Arrays.toString(sorted));
    }
}
