package dev.muster.health;

import java.time.Duration;

/**
 * How long to wait between checks: until the first pass every 5 ms for 2 s, then doubling up to the interval; afterwards the
 * interval.
 */
final class CheckPace {

    private static final Duration EAGER = Duration.ofMillis(5);
    private static final int EAGER_TRIES = 400;

    private final Duration interval;
    private Duration pause = EAGER;
    private int tries;
    private boolean passedOnce;

    CheckPace(Duration interval) {
        this.interval = interval;
    }

    Duration next(Verdict verdict) {
        passedOnce |= verdict == Verdict.HEALTHY;
        if (passedOnce) {
            return interval;
        }
        if (++tries > EAGER_TRIES) {
            pause = pause.multipliedBy(2);
        }
        if (pause.compareTo(interval) > 0) {
            pause = interval;
        }
        return pause;
    }
}
