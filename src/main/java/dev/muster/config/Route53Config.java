package dev.muster.config;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How Route 53 is driven.
 *
 * @param roles by name, who calls for a service that has chosen that role, in place of {@code aws}
 * @param zones names or ids of the zones that are looked at; empty for every zone of each account
 * @param reread how often they are read whole, whatever is known of them
 * @param policy what may happen to names that nobody asks for any more
 */
public record Route53Config(
        AwsConfig aws, SortedMap<String, AwsConfig> roles, Set<String> zones, Duration reread, Policy policy) {

    public Route53Config {
        roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
        zones = Set.copyOf(zones);
    }

    /** Without a choice of roles. */
    public Route53Config(AwsConfig aws, Set<String> zones, Duration reread, Policy policy) {
        this(aws, new TreeMap<>(), zones, reread, policy);
    }
}
