package dev.muster.plan;

import dev.muster.model.Target;

/** One difference between desired and actual. Data, not action. */
public sealed interface Change {

    String service();

    /** The service is not there yet, or its protocol, routes or options differ. */
    record Shape(String service, ServiceTargets desired) implements Change {}

    /** What is known of the service, or of its instances, differs, and its shape does not. */
    record Describe(String service, ServiceTargets desired) implements Change {}

    /** The service is there and has no instance and no hold left. */
    record Drop(String service) implements Change {}

    record Add(String service, Target target, TargetState state) implements Change {}

    record Update(String service, Target target, TargetState from, TargetState to) implements Change {}

    record Remove(String service, Target target, TargetState last) implements Change {}
}
