package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.PersistentMap;
import java.util.Optional;
import java.util.Set;
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
    PersistentMap<String, DesiredTargets> desired(Catalog catalog) {
        return desired(catalog, PersistentMap.empty(), services.apply(catalog));
    }

    /**
     * The same, for the price of what has changed.
     *
     * @param before what an earlier catalog of the same history wanted
     * @param changed since then
     */
    PersistentMap<String, DesiredTargets> desired(
            Catalog catalog, PersistentMap<String, DesiredTargets> before, Set<String> changed) {
        PersistentMap<String, DesiredTargets> desired = before;
        for (String service : changed) {
            Optional<DesiredTargets> want = one.apply(catalog, service);
            desired = want.isPresent() ? desired.with(service, want.get()) : desired.without(service);
        }
        return desired;
    }
}
