package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.InOrder;
import dev.muster.model.Instance;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param about for providers that have a place for it
 * @param stands whether its place is kept while nothing serves there
 */
record DesiredTargets(
        Protocol protocol,
        List<Route> routes,
        SortedMap<Target, Wanted> targets,
        Instant since,
        About about,
        boolean stands) {

    static final DesiredTargets NOTHING =
            new DesiredTargets(Protocol.HTTP, List.of(), new TreeMap<>(), Instant.MAX, About.NOTHING, false);

    private static final Comparator<Route> ROUTES =
            Comparator.comparing(Route::host).thenComparing(Route::path).thenComparingInt(Route::port);

    /** Of those of its registrations that pass; empty where none does. */
    static Optional<DesiredTargets> of(Catalog catalog, String service, Predicate<Registration> bound) {
        List<Registration> registrations =
                catalog.each(service).stream().filter(bound).toList();
        return registrations.isEmpty() ? Optional.empty() : Optional.of(of(registrations, catalog.routesTo(service)));
    }

    /**
     * What a later catalog wants, where its instances differ only in how they are to be treated where they are: empty where
     * they do not.
     *
     * @param earlier which wanted this
     */
    @SuppressWarnings("ReferenceEquality") // the same object is an unchanged registration
    Optional<DesiredTargets> after(Catalog earlier, Catalog catalog, String service) {
        List<Registration> before = earlier.each(service);
        List<Registration> now = catalog.each(service);
        if (before.size() != now.size() || !earlier.routesTo(service).equals(catalog.routesTo(service))) {
            return Optional.empty();
        }
        SortedMap<Target, Wanted> changed = new TreeMap<>(targets);
        for (int i = 0; i < now.size(); i++) {
            Registration one = now.get(i);
            if (before.get(i) != one) {
                if (!isThere(before.get(i).instance(), one.instance())) {
                    return Optional.empty();
                }
                changed.computeIfPresent(
                        one.instance().target(),
                        (target, wanted) -> wanted.as().instance().equals(one.id()) ? Wanted.of(one) : wanted);
            }
        }
        return Optional.of(new DesiredTargets(protocol, routes, changed, since, about, stands));
    }

    /** Whether one run is where it was, and found as it was. */
    private static boolean isThere(Instance before, Instance now) {
        return before.id().equals(now.id())
                && before.run().equals(now.run())
                && before.target().equals(now.target())
                && before.protocol() == now.protocol()
                && before.routes().equals(now.routes());
    }

    /** With all that is known of it; a service with nothing but settings has its place too. */
    static Optional<DesiredTargets> described(Catalog catalog, String service) {
        SortedMap<String, String> settings = catalog.settings().getOrDefault(service, new TreeMap<>());
        return of(catalog, service, any -> true)
                .or(() -> settings.isEmpty() ? Optional.empty() : Optional.of(NOTHING))
                .map(wanted -> wanted.describedBy(catalog, settings));
    }

    private DesiredTargets describedBy(Catalog catalog, SortedMap<String, String> settings) {
        SortedMap<Target, Details> details = new TreeMap<>();
        targets.forEach((target, wanted) -> {
            Registration registration = catalog.registrations().get(wanted.as().instance());
            if (registration != null) {
                details.put(target, Details.of(registration.instance()));
            }
        });
        return new DesiredTargets(protocol, routes, targets, since, new About(settings, details), !settings.isEmpty());
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
            Instant began = started(registration);
            since = began.isBefore(since) ? began : since;
        }
        SortedMap<Target, Wanted> targets = InOrder.each(newest, (target, registration) -> Wanted.of(registration));
        return new DesiredTargets(most(protocols), List.copyOf(routes), targets, since, About.NOTHING, false);
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
    static Registration laterStarted(Registration one, Registration other) {
        return started(one).isAfter(started(other)) ? one : other;
    }

    private static Instant started(Registration registration) {
        return registration.instance().run().started();
    }
}
