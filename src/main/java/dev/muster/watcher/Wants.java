package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.PersistentMap;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the newest catalog wants at one provider, worked out anew for the services alone that have changed. */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class Wants {

    private final Binding binding;
    private final Dismissals dismissals = new Dismissals();
    private PersistentMap<String, DesiredTargets> wanted = PersistentMap.empty();
    private @Nullable Catalog by;
    private boolean byTrusted;

    Wants(Binding binding) {
        this.binding = binding;
    }

    /** Most looks are at the catalog of the look before. @return services of which it may want something else by now */
    Set<String> see(Sight sight) {
        Catalog earlier = by;
        Catalog now = sight.catalog();
        if (now == earlier) {
            return Set.of();
        }
        SortedSet<String> changed;
        if (earlier != null && follows(earlier, sight)) {
            changed = now.changedSince(earlier);
            PersistentMap<String, DesiredTargets> before = wanted;
            wanted = binding.desired(now, earlier, before, changed);
            changed.forEach(service -> dismissals.see(service, before.get(service), wanted.get(service), now));
        } else {
            changed = new TreeSet<>(wanted.keySet());
            wanted = binding.desired(now);
            changed.addAll(wanted.keySet());
            changed.addAll(now.changedAt().keySet());
        }
        by = now;
        byTrusted = sight.isTrusted();
        return changed;
    }

    /** Of a service that is not wanted: nothing. */
    DesiredTargets of(String service) {
        return wanted.getOrDefault(service, DesiredTargets.NOTHING);
    }

    /** What was said of the service's instances, or by those who have taken its name away. */
    Map<InstanceId, Goodbye> goodbyes(String service) {
        return dismissals.and(service, by == null ? Map.of() : by.goodbyes());
    }

    boolean has(String service) {
        return wanted.containsKey(service);
    }

    Set<String> services() {
        return wanted.keySet();
    }

    /**
     * Whether what one catalog says of changes can be compared with what the other says. One that was not trusted had
     * settings that were remembered, and that they are gone is no change.
     */
    private boolean follows(Catalog earlier, Sight sight) {
        return byTrusted
                && sight.unsettledUntil().equals(Instant.MIN)
                && sight.catalog().revision() >= earlier.revision();
    }
}
