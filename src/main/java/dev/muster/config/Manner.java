package dev.muster.config;

import java.time.Duration;

/**
 * How a watcher goes about its work.
 *
 * @param dryRun it only says what it would do
 * @param once it ends when all is in step
 * @param within how long that may take
 */
public record Manner(boolean dryRun, boolean once, Duration within) {

    /** In earnest, and until it is told to stop. */
    public static final Manner LASTING = new Manner(false, false, Duration.ofMinutes(1));
}
