package dev.muster.registry;

import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * What a watcher has brought to one target, as it tells everybody: {@code /muster/applied/<service>/<provider>/<watcher>}.
 *
 * @param revision the newest revision at which a key of the service changed and that is applied
 * @param at when it was applied
 * @param targets what is in the target
 * @param held what the guard keeps there, and why
 * @param failOpen instances whose check fails are kept in service, since too few would be left
 * @param sizes the largest number of targets from each instant to now, over the last hour
 * @param synchronous a change is in force once it is recorded
 */
public record Applied(
        String service,
        String provider,
        String watcher,
        long revision,
        Instant at,
        List<Entry> targets,
        List<Hold> held,
        boolean failOpen,
        SortedMap<Instant, Integer> sizes,
        boolean synchronous) {

    /** @param state as it is treated there, which a guard may have decided */
    public record Entry(
            InstanceId instance,
            Target target,
            Run run,
            CheckSpec check,
            InstanceState state,
            int weight,
            String owner) {}
}
