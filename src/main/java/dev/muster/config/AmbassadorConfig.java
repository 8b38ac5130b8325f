package dev.muster.config;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ports of this machine that lead to whatever serves a service now.
 *
 * @param ports by service
 * @param address where they listen: a literal, or {@code *} for every one
 * @param masterOnly only to the instance that the service's setting {@code master} names
 * @param excluded instances to which they do not lead
 * @param publicAddress by public addresses instead of private ones
 */
public record AmbassadorConfig(
        SortedMap<String, Integer> ports,
        String address,
        boolean masterOnly,
        Set<String> excluded,
        boolean publicAddress) {

    public AmbassadorConfig {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        excluded = Set.copyOf(excluded);
    }
}
