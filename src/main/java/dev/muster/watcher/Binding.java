package dev.muster.watcher;

import dev.muster.model.Catalog;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What feeds one provider's target, and how.
 *
 * @param services of which there may be something
 * @param one what the catalog wants of one service; empty for nothing
 * @param heeds whether the setting of this name says how the service stands there
 */
record Binding(
        Function<Catalog, ? extends Set<String>> services,
        BiFunction<Catalog, String, Optional<DesiredTargets>> one,
        Predicate<String> heeds) {

    /** What the catalog wants, by service. */
    SortedMap<String, DesiredTargets> desired(Catalog catalog) {
        SortedMap<String, DesiredTargets> desired = new TreeMap<>();
        services.apply(catalog)
                .forEach(service -> one.apply(catalog, service).ifPresent(want -> desired.put(service, want)));
        return desired;
    }

    /**
     * The same, for the price of what has changed.
     *
     * @param before what an earlier catalog of the same history wanted
     * @param changed since then
     */
    SortedMap<String, DesiredTargets> desired(
            Catalog catalog, SortedMap<String, DesiredTargets> before, Set<String> changed) {
        SortedMap<String, DesiredTargets> desired = new TreeMap<>(before);
        changed.forEach(service -> one.apply(catalog, service)
                .ifPresentOrElse(want -> desired.put(service, want), () -> desired.remove(service)));
        return desired;
    }

    /** The services that have changed between two catalogs of the same history. */
    static Set<String> changed(Catalog earlier, Catalog catalog) {
        Set<String> changed = new TreeSet<>();
        catalog.changedAt().forEach((service, revision) -> {
            if (!revision.equals(earlier.changedAt().get(service))) {
                changed.add(service);
            }
        });
        return changed;
    }
}
