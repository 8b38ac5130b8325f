package dev.muster.http;

import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations by size. Thread-safe and cheap: it allocates nothing. */
public final class Timing {

    /** Upper bounds in seconds: from a fast loop's milliseconds to the minutes of DNS. */
    static final double[] BOUNDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, Double.POSITIVE_INFINITY
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS.length];
    private final DoubleAdder sum = new DoubleAdder();

    Timing() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Clocks of two machines may disagree: what ended before it began took no time. */
    public void record(Duration duration) {
        double seconds = Math.max(0, duration.toNanos() / 1e9);
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(seconds);
    }

    /** How many fell between each bound and the one before. */
    long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    double sumSeconds() {
        return sum.sum();
    }
}
