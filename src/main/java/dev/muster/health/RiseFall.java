package dev.muster.health;

import dev.muster.config.AgentConfig.CheckConfig;

/**
 * Turns single results into a verdict: {@code rise} passes in a row make healthy, {@code fall} failures in a row make
 * failing, but not before {@code fall} intervals' worth of time, so that quick checks at a start condemn nobody.
 */
final class RiseFall {

    private final CheckConfig config;
    private Verdict verdict = Verdict.UNDECIDED;
    private int passes;
    private int failures;
    private long firstFailureNanos;

    RiseFall(CheckConfig config) {
        this.config = config;
    }

    Verdict observe(boolean passed, long nowNanos) {
        if (passed) {
            failures = 0;
            passes++;
            if (passes >= config.rise()) {
                verdict = Verdict.HEALTHY;
            }
        } else {
            passes = 0;
            if (failures++ == 0) {
                firstFailureNanos = nowNanos;
            }
            long enough = config.interval().toNanos() * (config.fall() - 1);
            if (failures >= config.fall() && nowNanos - firstFailureNanos >= enough) {
                verdict = Verdict.FAILING;
            }
        }
        return verdict;
    }
}
