package dev.muster.reconcile;

import java.time.Duration;
import java.time.Instant;

/** The clocks that a loop reads; injected, so that tests own the time. */
public interface Time {

    /** Wall clock, for what people and other machines read; never for deadlines. */
    Instant now();

    /** Monotonic nanoseconds from an arbitrary origin, for deadlines. */
    long nanos();

    /** The machine's clocks. */
    static Time system() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }

    /** How long ago the monotonic reading {@code since} was taken. */
    default Duration elapsed(long since) {
        return Duration.ofNanos(nanos() - since);
    }
}
