package dev.muster.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Delays that double from {@code first} to {@code most}, each shortened by up to half at random. Not thread-safe. */
public final class Backoff {

    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration most, RandomGenerator random) {
        this.first = first;
        this.most = most;
        this.random = random;
    }

    /** The delay before the next try. */
    public Duration next() {
        long full = Math.min(most.toMillis(), first.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }

    public void succeeded() {
        failures = 0;
    }
}
