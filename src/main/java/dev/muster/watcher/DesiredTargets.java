package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the catalog wants of one service at one provider, before the guard.
 *
 * @param protocol what most of its instances speak; HTTP where it is even
 * @param routes of all its instances and of other services' containers, in a fixed order
 * @param since when the first of its instances started
 */
record DesiredTargets(Protocol protocol, List<Route> routes, SortedMap<Target, Wanted> targets, Instant since) {

    static final DesiredTargets NOTHING = new DesiredTargets(Protocol.HTTP, List.of(), new TreeMap<>(), Instant.MAX);

    private static final Comparator<Route> ROUTES =
            Comparator.comparing(Route::host).thenComparing(Route::path).thenComparingInt(Route::port);

    /** By service; only services with at least one bound registration. */
    static SortedMap<String, DesiredTargets> of(Catalog catalog, Predicate<Registration> bound) {
        SortedMap<String, List<Registration>> services = new TreeMap<>();
        catalog.registrations().values().stream()
                .filter(bound)
                .forEach(registration -> services.computeIfAbsent(
                                registration.id().service(), service -> new ArrayList<>())
                        .add(registration));
        SortedMap<String, DesiredTargets> desired = new TreeMap<>();
        services.forEach(
                (service, registrations) -> desired.put(service, of(registrations, catalog.routesTo(service))));
        return desired;
    }

    /**
     * The same as {@link #of(Catalog, Predicate)}, for the price of what has changed.
     *
     * @param before what an earlier catalog of the same history wanted
     */
    static SortedMap<String, DesiredTargets> after(
            SortedMap<String, DesiredTargets> before, Catalog earlier, Catalog catalog, Predicate<Registration> bound) {
        SortedMap<String, DesiredTargets> desired = new TreeMap<>(before);
        catalog.changedAt().forEach((service, revision) -> {
            if (!revision.equals(earlier.changedAt().get(service))) {
                List<Registration> registrations =
                        catalog.of(service).values().stream().filter(bound).toList();
                if (registrations.isEmpty()) {
                    desired.remove(service);
                } else {
                    desired.put(service, of(registrations, catalog.routesTo(service)));
                }
            }
        });
        return desired;
    }

    private static DesiredTargets of(List<Registration> registrations, List<Route> routesOfOthers) {
        SortedMap<Target, Registration> newest = new TreeMap<>();
        Map<Protocol, Integer> protocols = new EnumMap<>(Protocol.class);
        TreeSet<Route> routes = new TreeSet<>(ROUTES);
        routes.addAll(routesOfOthers);
        Instant since = Instant.MAX;
        for (Registration registration : registrations) {
            newest.merge(registration.instance().target(), registration, DesiredTargets::laterStarted);
            protocols.merge(registration.instance().protocol(), 1, Integer::sum);
            routes.addAll(registration.instance().routes());
            since = started(registration).isBefore(since) ? started(registration) : since;
        }
        SortedMap<Target, Wanted> targets = new TreeMap<>();
        newest.forEach((target, registration) -> targets.put(target, Wanted.of(registration)));
        boolean tcp = protocols.getOrDefault(Protocol.TCP, 0) > protocols.getOrDefault(Protocol.HTTP, 0);
        return new DesiredTargets(tcp ? Protocol.TCP : Protocol.HTTP, List.copyOf(routes), targets, since);
    }

    /** Two that claim one endpoint: a port has one holder at a time, so the one that started later has it. */
    private static Registration laterStarted(Registration one, Registration other) {
        return started(one).isAfter(started(other)) ? one : other;
    }

    private static Instant started(Registration registration) {
        try {
            return Instant.parse(registration.instance().run().startedAt());
        } catch (DateTimeParseException e) {
            return Instant.MIN; // an entry of another kind of program, which says no start
        }
    }
}
