package dev.muster.plan;

import dev.muster.model.CheckSpec;
import dev.muster.model.Registration;
import dev.muster.model.Run;

/**
 * What the catalog wants in a target.
 *
 * @param reason why the state is not {@code UP}, as the registration says it
 */
public record Wanted(TargetState as, String reason, Run run, CheckSpec check, String owner) {

    public static Wanted of(Registration registration) {
        return new Wanted(
                new TargetState(
                        registration.id(),
                        registration.state(),
                        registration.instance().weight()),
                registration.reason(),
                registration.instance().run(),
                registration.instance().check(),
                registration.owner());
    }

    /** The same, to be treated otherwise. */
    public Wanted as(TargetState other) {
        return new Wanted(other, reason, run, check, owner);
    }
}
