package dev.muster.watcher;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.Instance;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.TargetState;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ports here that lead to whatever serves a service now.
 *
 * @param ports by service
 * @param masterOnly only to the instance that the service's setting {@code master} names; without one, to none
 * @param excluded to all but these instances
 * @param publicAddress by public addresses
 */
public record Ambassadors(
        SortedMap<String, Integer> ports, boolean masterOnly, Set<String> excluded, boolean publicAddress) {

    public static final Ambassadors NONE = new Ambassadors(new TreeMap<>(), false, Set.of(), false);

    private static final String MASTER = "master";

    public Ambassadors {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        excluded = Set.copyOf(excluded);
    }

    /** Each has its port whether anything serves or not, and no two have the same; any other service has none. */
    Optional<DesiredTargets> desired(Catalog catalog, String service) {
        return Optional.ofNullable(ports.get(service))
                .map(port -> new DesiredTargets(
                        Protocol.TCP,
                        List.of(new Route("", "", port)),
                        targets(catalog, service),
                        Instant.MAX,
                        About.NOTHING,
                        true));
    }

    private SortedMap<Target, Wanted> targets(Catalog catalog, String service) {
        SortedMap<Target, Wanted> targets = new TreeMap<>();
        for (Registration registration : catalog.of(service).values()) {
            Instance instance = registration.instance();
            String address = address(instance.addresses());
            if (instance.protocol() != Protocol.UDP && !address.isEmpty()) {
                Wanted wanted = Wanted.of(registration);
                targets.put(
                        new Target(address, instance.port()),
                        chosen(catalog, registration) ? wanted : passedOver(wanted));
            }
        }
        return targets;
    }

    private String address(Addresses addresses) {
        return publicAddress ? addresses.publicIp() : addresses.preferred();
    }

    private boolean chosen(Catalog catalog, Registration registration) {
        String name = registration.id().instance();
        boolean isMaster = catalog.setting(registration.id().service(), MASTER)
                .map(String::strip)
                .filter(name::equals)
                .isPresent();
        return !excluded.contains(name) && (isMaster || !masterOnly);
    }

    /**
     * It stands there as one that gets nothing. Were it left out, the guard would take it for one whose registration has
     * expired, find that it still answers, and hold it: a former master must not be held.
     */
    private static Wanted passedOver(Wanted wanted) {
        TargetState as = wanted.as();
        return new Wanted(
                new TargetState(as.instance(), InstanceState.DOWN, as.weight()),
                "passed over",
                wanted.run(),
                wanted.check(),
                wanted.owner());
    }
}
