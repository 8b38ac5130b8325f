package dev.muster.health;

import java.time.Duration;

/**
 * How long to wait between checks: until the first pass every 5 ms for 2 s, then doubling up to the interval; afterwards the
 * interval, but a quarter of it from a failure on until it is known what it means. Else whatever comes and goes at the
 * interval's own beat could be met three times in a row just while it is away.
 */
final class CheckPace {

    private static final Duration EAGER = Duration.ofMillis(5);
    private static final int EAGER_TRIES = 400;
    private static final int DOUBTED = 4;

    private final Duration interval;
    private Duration pause = EAGER;
    private int tries;
    private boolean passedOnce;

    CheckPace(Duration interval) {
        this.interval = interval;
    }

    /** @param verdict after a check that passed or did not */
    Duration next(Verdict verdict, boolean passed) {
        passedOnce |= verdict == Verdict.HEALTHY;
        if (passedOnce) {
            boolean doubted = verdict == Verdict.HEALTHY && !passed;
            return doubted ? interval.dividedBy(DOUBTED) : interval;
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
