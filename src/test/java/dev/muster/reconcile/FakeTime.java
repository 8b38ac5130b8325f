package dev.muster.reconcile;

import java.time.Duration;
import java.time.Instant;

/** Clocks that stand still until a test moves them. */
public final class FakeTime implements Time {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private long nanos = 1_000_000_000L;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    public synchronized void advance(Duration by) {
        now = now.plus(by);
        nanos += by.toNanos();
    }

    /** The wall clock alone, as when a machine was suspended or its clock was set. */
    public synchronized void jumpWallClock(Duration by) {
        now = now.plus(by);
    }
}
