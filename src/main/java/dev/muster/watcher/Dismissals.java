package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services that were taken out of a target while their instances serve on: whoever took away what asked for it meant that, as
 * much as a goodbye is meant. It counts where it was seen to happen, in a registry that is trusted; what is merely not there
 * may have been lost, with etcd's data for instance, and the guard holds what it asked for.
 */
final class Dismissals {

    private final Map<String, Map<InstanceId, Goodbye>> said = new HashMap<>();

    /**
     * One catalog follows another.
     *
     * @param before what the earlier one wanted; null for nothing
     * @param now what this one wants
     */
    void see(String service, @Nullable DesiredTargets before, @Nullable DesiredTargets now, Catalog catalog) {
        if (now != null && !now.targets().isEmpty()) {
            said.remove(service);
        } else if (before != null && !before.targets().isEmpty() && (now == null || asksForLess(before, now))) {
            Map<InstanceId, Goodbye> goodbyes = new HashMap<>();
            before.targets().values().forEach(wanted -> {
                InstanceId id = wanted.as().instance();
                if (catalog.registrations().containsKey(id)) {
                    goodbyes.put(id, new Goodbye(id, Goodbye.Reason.ENDED, wanted.owner(), wanted.run()));
                }
            });
            said.put(service, goodbyes);
        }
    }

    /** That instances have lost the address by which they stood there is not meant by anybody. */
    private static boolean asksForLess(DesiredTargets before, DesiredTargets now) {
        return !now.about()
                .settings()
                .keySet()
                .containsAll(before.about().settings().keySet());
    }

    /** The goodbyes that count for this service. */
    Map<InstanceId, Goodbye> and(String service, Map<InstanceId, Goodbye> others) {
        Map<InstanceId, Goodbye> own = said.getOrDefault(service, Map.of());
        if (own.isEmpty()) {
            return others;
        }
        Map<InstanceId, Goodbye> all = new HashMap<>(others);
        all.putAll(own);
        return all;
    }
}
