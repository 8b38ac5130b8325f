package dev.muster.cli;

import dev.muster.plan.Effect;
import dev.muster.plan.Hold;
import java.util.List;

/**
 * What a watcher would do at one provider's target, by a look at the target itself.
 *
 * @param held removals that the guard would hold back
 * @param refused what services would not get, in sentences
 */
public record Foreseen(String provider, List<Effect> effects, List<Hold> held, List<String> refused) {

    public Foreseen {
        effects = List.copyOf(effects);
        held = List.copyOf(held);
        refused = List.copyOf(refused);
    }

    /** The same, as far as it is about one service. */
    Foreseen about(String service) {
        return new Foreseen(
                provider,
                effects.stream().filter(one -> one.service().equals(service)).toList(),
                held.stream()
                        .filter(one -> one.instance().service().equals(service))
                        .toList(),
                refused.stream().filter(one -> one.contains(service)).toList());
    }

    boolean inStep() {
        return effects.isEmpty() && held.isEmpty() && refused.isEmpty();
    }
}
