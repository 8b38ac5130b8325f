package dev.muster.plan;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one service is, or is to be, at one provider.
 *
 * @param about {@link About#NOTHING} for a provider that has no place for it
 */
public record ServiceTargets(
        String service, Protocol protocol, List<Route> routes, SortedMap<Target, TargetState> targets, About about) {

    public ServiceTargets {
        routes = List.copyOf(routes);
        targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
    }

    public ServiceTargets(
            String service, Protocol protocol, List<Route> routes, SortedMap<Target, TargetState> targets) {
        this(service, protocol, routes, targets, About.NOTHING);
    }
}
