package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.Addresses;
import dev.muster.model.Name;
import java.util.Optional;

/**
 * What a host adds to its containers' own words.
 *
 * @param host the machine's name, part of the ids that nobody chose
 * @param addresses where the host itself is reached
 * @param containerAddresses publish the containers' own addresses and ports instead of the host's
 * @param optIn only containers with {@code muster.enable=true}
 * @param sidecar what a sidecar knows of its container; empty for the agent of the whole host
 */
public record HostRules(
        String host, Addresses addresses, boolean containerAddresses, boolean optIn, Optional<SidecarConfig> sidecar) {
    public HostRules {
        Name.require("host", host);
    }

    /** Those of the agent of a whole host. */
    public HostRules(String host, Addresses addresses, boolean containerAddresses, boolean optIn) {
        this(host, addresses, containerAddresses, optIn, Optional.empty());
    }

    /** The same host's, of a sidecar. */
    public HostRules ofSidecar(SidecarConfig one) {
        return new HostRules(host, addresses, containerAddresses, optIn, Optional.of(one));
    }

    /** The same host's, of the agent that looks after all the rest. */
    public HostRules ofHost() {
        return new HostRules(host, addresses, containerAddresses, optIn);
    }
}
