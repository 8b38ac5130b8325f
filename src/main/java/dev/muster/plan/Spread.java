package dev.muster.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the newest change of a service has come at a target that takes its time.
 *
 * @param at when it was accepted
 * @param took until it was in force everywhere; empty while it is not
 */
public record Spread(Instant at, Optional<Duration> took) {}
