package dev.muster.config;

import java.time.Duration;
import java.util.Set;

/**
 * How Route 53 is driven.
 *
 * @param zones names or ids of the zones that are looked at; empty for every zone of the account
 * @param reread how often they are read whole, whatever is known of them
 * @param policy what may happen to names that nobody asks for any more
 */
public record Route53Config(AwsConfig aws, Set<String> zones, Duration reread, Policy policy) {

    public Route53Config {
        zones = Set.copyOf(zones);
    }
}
