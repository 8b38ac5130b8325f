package dev.muster.plan;

import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import java.time.Instant;

/**
 * A removal that the guard holds back.
 *
 * @param since when its registration was first missed
 * @param why in words, for people
 */
public record Hold(InstanceId instance, Target target, Instant since, String why) {}
