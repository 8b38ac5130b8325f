package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
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
 * @param routes of all its instances, in a fixed order
 * @param about for providers that have a place for it
 * @param stands whether its place is kept while nothing serves there
 */
record DesiredTargets(
        Protocol protocol, List<Route> routes, SortedMap<Target, Wanted> targets, About about, boolean stands) {

    static final DesiredTargets NOTHING =
            new DesiredTargets(Protocol.HTTP, List.of(), new TreeMap<>(), About.NOTHING, false);

    private static final Comparator<Route> ROUTES =
            Comparator.comparing(Route::host).thenComparing(Route::path).thenComparingInt(Route::port);

    /** The same with all that is known of it; a service with nothing but settings has its place too. */
    static SortedMap<String, DesiredTargets> described(Catalog catalog) {
        SortedMap<String, DesiredTargets> described = of(catalog, any -> true);
        catalog.settings().keySet().forEach(service -> described.putIfAbsent(service, NOTHING));
        described.replaceAll((service, wanted) -> wanted.describedBy(catalog, service));
        return described;
    }

    private DesiredTargets describedBy(Catalog catalog, String service) {
        SortedMap<String, String> settings = catalog.settings().getOrDefault(service, new TreeMap<>());
        SortedMap<Target, Details> details = new TreeMap<>();
        targets.forEach((target, wanted) -> {
            Registration registration = catalog.registrations().get(wanted.as().instance());
            if (registration != null) {
                details.put(target, Details.of(registration.instance()));
            }
        });
        return new DesiredTargets(protocol, routes, targets, new About(settings, details), !settings.isEmpty());
    }

    /** By service; only services with at least one bound registration. */
    static SortedMap<String, DesiredTargets> of(Catalog catalog, Predicate<Registration> bound) {
        SortedMap<String, List<Registration>> services = new TreeMap<>();
        catalog.registrations().values().stream()
                .filter(bound)
                .forEach(registration -> services.computeIfAbsent(
                                registration.id().service(), service -> new ArrayList<>())
                        .add(registration));
        SortedMap<String, DesiredTargets> desired = new TreeMap<>();
        services.forEach((service, registrations) -> desired.put(service, of(registrations)));
        return desired;
    }

    private static DesiredTargets of(List<Registration> registrations) {
        SortedMap<Target, Registration> newest = new TreeMap<>();
        Map<Protocol, Integer> protocols = new EnumMap<>(Protocol.class);
        TreeSet<Route> routes = new TreeSet<>(ROUTES);
        for (Registration registration : registrations) {
            newest.merge(registration.instance().target(), registration, DesiredTargets::laterStarted);
            protocols.merge(registration.instance().protocol(), 1, Integer::sum);
            routes.addAll(registration.instance().routes());
        }
        SortedMap<Target, Wanted> targets = new TreeMap<>();
        newest.forEach((target, registration) -> targets.put(target, Wanted.of(registration)));
        return new DesiredTargets(most(protocols), List.copyOf(routes), targets, About.NOTHING, false);
    }

    private static Protocol most(Map<Protocol, Integer> protocols) {
        Protocol most = Protocol.HTTP;
        for (Map.Entry<Protocol, Integer> protocol : protocols.entrySet()) {
            if (protocol.getValue() > protocols.getOrDefault(most, 0)) {
                most = protocol.getKey();
            }
        }
        return most;
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
