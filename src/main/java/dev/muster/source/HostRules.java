package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;

/**
 * What a host adds to its containers' own words.
 *
 * @param host the machine's name, part of the ids that nobody chose
 * @param addresses where the host itself is reached
 * @param containerAddresses publish the containers' own addresses and ports instead of the host's
 * @param optIn only containers with {@code muster.enable=true}
 */
public record HostRules(String host, Addresses addresses, boolean containerAddresses, boolean optIn) {
    public HostRules {
        Name.require("host", host);
    }
}
