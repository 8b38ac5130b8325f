package dev.muster.plan;

import dev.muster.model.InOrder;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Target;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How registered instances are treated: as they say, with two exceptions. When failing checks would leave fewer than half
 * in service, they are not believed (fail open). And the last one that is up stays in service while it drains, until its
 * goodbye.
 */
record InService(SortedMap<Target, Serving> serving, boolean failOpen, Optional<InstanceId> last) {

    static InService of(SortedMap<Target, Wanted> wanted, Map<Target, Serving> before) {
        int up = 0;
        int failing = 0;
        for (Wanted one : wanted.values()) {
            up += one.as().state() == InstanceState.UP ? 1 : 0;
            failing += checkFails(one) ? 1 : 0;
        }
        boolean failOpen = 2 * up < up + failing;
        Optional<Map.Entry<Target, Wanted>> last = up > 0 ? Optional.empty() : lastUp(wanted, before);
        SortedMap<Target, Serving> serving = InOrder.each(wanted, (target, one) -> {
            boolean isLast = last.isPresent() && last.get().getKey().equals(target);
            boolean kept = isLast || (failOpen && checkFails(one));
            TargetState as = one.as();
            return new Serving(
                    kept ? new TargetState(as.instance(), InstanceState.UP, as.weight()) : as,
                    Optional.of(one.run()),
                    one.check(),
                    one.owner(),
                    Optional.empty());
        });
        return new InService(
                serving, failOpen, last.map(entry -> entry.getValue().as().instance()));
    }

    private static boolean checkFails(Wanted one) {
        return one.as().state() == InstanceState.DOWN && one.reason().equals(Registration.REASON_CHECK);
    }

    private static Optional<Map.Entry<Target, Wanted>> lastUp(
            SortedMap<Target, Wanted> wanted, Map<Target, Serving> before) {
        return wanted.entrySet().stream()
                .filter(one -> one.getValue().as().state() == InstanceState.DRAINING)
                .filter(one ->
                        wasUp(before.get(one.getKey()), one.getValue().as().instance()))
                .findFirst();
    }

    private static boolean wasUp(@Nullable Serving before, InstanceId instance) {
        return before != null
                && before.as().state() == InstanceState.UP
                && before.as().instance().equals(instance);
    }
}
