package dev.muster.registry;

import dev.muster.reconcile.Time;
import java.time.Duration;

/** Whether a pass is under way, and since when it has not finished anything. Thread-safe. */
final class Work {

    private final Time time;
    private boolean underWay;
    private long advancedNanos;

    Work(Time time) {
        this.time = time;
    }

    synchronized void begun() {
        underWay = true;
        advancedNanos = time.nanos();
    }

    synchronized void advanced() {
        advancedNanos = time.nanos();
    }

    synchronized void ended() {
        underWay = false;
    }

    synchronized boolean isUnderWay() {
        return underWay;
    }

    /** Zero between passes. */
    synchronized Duration stalled() {
        return underWay ? time.elapsed(advancedNanos) : Duration.ZERO;
    }
}
