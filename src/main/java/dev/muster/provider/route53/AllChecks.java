package dev.muster.provider.route53;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of the health checks of every account. Pure.
 *
 * @param byRole by the role that reaches the account
 */
record AllChecks(SortedMap<String, Checks> byRole) {

    static final AllChecks NONE = new AllChecks(new TreeMap<>());

    AllChecks {
        byRole = Collections.unmodifiableSortedMap(new TreeMap<>(byRole));
    }

    /** Those which records of a zone may name: of the account that writes there. */
    Checks of(String writer) {
        return byRole.getOrDefault(writer, Checks.NONE);
    }

    /** Those that no record of their zone names, of zones that were read. */
    List<HealthCheck> unused(Collection<ZoneView> views) {
        return byRole.values().stream()
                .flatMap(checks -> checks.unused(views).stream())
                .toList();
    }
}
