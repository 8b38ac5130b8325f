package dev.muster.watcher;

import dev.muster.plan.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What people are told that services do not get: of all that may have changed in it, and of no other ones. */
final class Told {

    private Set<String> before = new HashSet<>();

    /**
     * @param anew services that were decided anew
     * @param shapes what the watcher found, by service
     * @param provider what the provider found, by service
     * @return by service, also of those of which there is nothing to tell any more
     */
    SortedMap<String, List<Refusal>> now(
            Set<String> anew, Map<String, List<Refusal>> shapes, SortedMap<String, Refusal> provider) {
        Set<String> refused = new HashSet<>(shapes.keySet());
        refused.addAll(provider.keySet());
        Set<String> services = new HashSet<>(anew);
        services.addAll(refused);
        services.addAll(before);
        before = refused;
        SortedMap<String, List<Refusal>> told = new TreeMap<>();
        for (String service : services) {
            List<Refusal> all = new ArrayList<>(shapes.getOrDefault(service, List.of()));
            Refusal byProvider = provider.get(service);
            if (byProvider != null) {
                all.add(byProvider);
            }
            told.put(service, Refusal.few(all));
        }
        return told;
    }
}
