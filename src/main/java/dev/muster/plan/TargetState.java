package dev.muster.plan;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;

/**
 * How one target is to be treated.
 *
 * @param instance which instance stands there
 * @param state {@code UP} gets traffic; {@code DOWN} and {@code DRAINING} get no new traffic and finish what they have
 * @param weight 0-256, relative to its fellows
 */
public record TargetState(InstanceId instance, InstanceState state, int weight) {}
