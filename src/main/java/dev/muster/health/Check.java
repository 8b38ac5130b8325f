package dev.muster.health;

import dev.muster.model.Target;
import java.time.Duration;

/** One look at whether something serves. */
@FunctionalInterface
public interface Check {

    /** Whether it serves, found out within {@code timeout}; whatever goes wrong is a no. */
    boolean passes(Target target, Duration timeout) throws InterruptedException;
}
