package dev.muster.plan;

import dev.muster.model.InOrder;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What the guard lets happen.
 *
 * @param serving what is to stand in the target; once it does, this is the record of it
 * @param holds removals that are held back, by target: these are to be probed, as long as they are held
 * @param removals what is to leave the target, by target
 * @param failOpen instances whose check fails are kept in service, since too few would be left
 * @param last the last instance that was up and now drains: it stays in service until its goodbye
 * @param sizes the same object as in the facts while nothing has changed
 */
public record Decision(
        SortedMap<Target, Serving> serving,
        List<Hold> holds,
        List<Removal> removals,
        boolean failOpen,
        Optional<InstanceId> last,
        Optional<Sizes> sizes) {

    public Decision {
        holds = List.copyOf(holds);
        removals = List.copyOf(removals);
    }

    /** By which right a target leaves. */
    public enum Cause {
        /** Its instance is at another endpoint by now. */
        REPLACED,
        /** It said goodbye. */
        ANNOUNCED,
        /** Its registration expired, and the guard found nothing to hold it. */
        EXPIRED,
        /** A person overruled the hold. */
        RELEASED
    }

    /** @param why in words, for people */
    public record Removal(Target target, Serving was, Cause cause, String why) {}

    /** How each target is to be treated. */
    public SortedMap<Target, TargetState> targets() {
        return InOrder.each(serving, (target, one) -> one.as());
    }
}
