package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.PersistentMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What feeds one provider's target, and how.
 *
 * @param services of which there may be something
 * @param one what the catalog wants of one service
 * @param heeds whether the setting of this name says how the service stands there
 */
record Binding(Function<Catalog, ? extends Set<String>> services, One one, Predicate<String> heeds) {

    /** What is wanted of one service. */
    @FunctionalInterface
    interface One {

        /** Empty for nothing. */
        Optional<DesiredTargets> of(Catalog catalog, String service);

        /**
         * The same.
         *
         * @param before what an earlier catalog wanted, which may spare working out all of it
         */
        default Optional<DesiredTargets> after(
                Catalog earlier, DesiredTargets before, Catalog catalog, String service) {
            return of(catalog, service);
        }
    }

    /** What the catalog wants, by service. */
    PersistentMap<String, DesiredTargets> desired(Catalog catalog) {
        PersistentMap<String, DesiredTargets> desired = PersistentMap.empty();
        for (String service : services.apply(catalog)) {
            Optional<DesiredTargets> want = one.of(catalog, service);
            desired = want.isPresent() ? desired.with(service, want.get()) : desired;
        }
        return desired;
    }

    /**
     * The same, for the price of what has changed.
     *
     * @param before what an earlier catalog of the same history wanted
     * @param changed since then
     */
    PersistentMap<String, DesiredTargets> desired(
            Catalog catalog, Catalog earlier, PersistentMap<String, DesiredTargets> before, Set<String> changed) {
        PersistentMap<String, DesiredTargets> desired = before;
        for (String service : changed) {
            DesiredTargets last = before.get(service);
            Optional<DesiredTargets> want =
                    last == null ? one.of(catalog, service) : one.after(earlier, last, catalog, service);
            desired = want.isPresent() ? desired.with(service, want.get()) : desired.without(service);
        }
        return desired;
    }
}
