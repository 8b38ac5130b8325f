package dev.muster.plan;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything on which the guard's decision about one service at one provider rests.
 *
 * @param now wall clock, as data
 * @param synced the registry answers and is followed
 * @param unsettledUntil the registry was replaced, or restored from an older state: it is not trusted before
 * @param serving what stands in the target by our record
 * @param wanted what the catalog wants there
 * @param goodbyes by instance; only those of instances that are not registered matter
 * @param probes by target; what is not in it has not been probed
 * @param sizes of the last hour; empty where they could not be read
 * @param released by target, who overrules the hold on it; only what is held already
 */
public record Facts(
        Instant now,
        boolean synced,
        Instant unsettledUntil,
        SortedMap<Target, Serving> serving,
        SortedMap<Target, Wanted> wanted,
        Map<InstanceId, Goodbye> goodbyes,
        Map<Target, ProbeResult> probes,
        Optional<Sizes> sizes,
        Map<Target, String> released) {

    /** Whether the registry's word is not to be trusted yet. */
    public boolean unsettled() {
        return now.isBefore(unsettledUntil);
    }

    public ProbeResult probe(Target target) {
        return probes.getOrDefault(target, ProbeResult.NOT_PROBED);
    }
}
