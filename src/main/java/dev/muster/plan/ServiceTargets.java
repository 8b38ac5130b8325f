package dev.muster.plan;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one service is, or is to be, at one provider.
 *
 * @param routes that are its own: of those that it asked for, what no other service has
 * @param options how its requests are treated, by a provider that treats any
 * @param about {@link About#NOTHING} for a provider that has no place for it
 */
public record ServiceTargets(
        String service,
        Protocol protocol,
        List<Route> routes,
        SortedMap<Target, TargetState> targets,
        ServiceOptions options,
        About about) {

    public ServiceTargets {
        routes = List.copyOf(routes);
        targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
    }

    /** One of which nothing more is known. */
    public ServiceTargets(
            String service,
            Protocol protocol,
            List<Route> routes,
            SortedMap<Target, TargetState> targets,
            ServiceOptions options) {
        this(service, protocol, routes, targets, options, About.NOTHING);
    }

    /** One to which no setting says anything either. */
    public ServiceTargets(
            String service, Protocol protocol, List<Route> routes, SortedMap<Target, TargetState> targets) {
        this(service, protocol, routes, targets, ServiceOptions.NONE);
    }

    public ServiceTargets withTargets(SortedMap<Target, TargetState> others) {
        return new ServiceTargets(service, protocol, routes, others, options, about);
    }

    public ServiceTargets withRoutes(List<Route> others) {
        return new ServiceTargets(service, protocol, others, targets, options, about);
    }

    public ServiceTargets withAbout(About other) {
        return new ServiceTargets(service, protocol, routes, targets, options, other);
    }
}
