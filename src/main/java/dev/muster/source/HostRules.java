package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Template;
import java.util.Optional;

/**
 * What a host adds to its containers' own words.
 *
 * @param host the machine's name, part of the ids that nobody chose
 * @param addresses where the host itself is reached
 * @param containerAddresses publish the containers' own addresses and ports instead of the host's
 * @param optIn only containers with {@code muster.enable=true}
 * @param texts what is made of the other words
 * @param sidecar what a sidecar knows of its container; empty for the agent of the whole host
 */
public record HostRules(
        String host,
        Addresses addresses,
        boolean containerAddresses,
        boolean optIn,
        Texts texts,
        Optional<SidecarConfig> sidecar) {

    /**
     * Texts of the host's own making.
     *
     * @param id the instance's id where no label chooses it
     * @param logUrl where its log is read
     * @param unit the field {@code unit}, whatever labels say
     */
    public record Texts(Optional<Template> id, Optional<Template> logUrl, Optional<Template> unit) {
        public static final Texts NONE = new Texts(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public HostRules {
        Name.require("host", host);
    }

    /** Those of the agent of a whole host that adds nothing of its own. */
    public HostRules(String host, Addresses addresses, boolean containerAddresses, boolean optIn) {
        this(host, addresses, containerAddresses, optIn, Texts.NONE, Optional.empty());
    }

    /** The same, with texts of the host's own making. */
    public HostRules withTexts(Texts some) {
        return new HostRules(host, addresses, containerAddresses, optIn, some, sidecar);
    }

    /** The same host's, of a sidecar. */
    public HostRules ofSidecar(SidecarConfig one) {
        return new HostRules(host, addresses, containerAddresses, optIn, texts, Optional.of(one));
    }

    /** The same host's, of the agent that looks after all the rest. */
    public HostRules ofHost() {
        return new HostRules(host, addresses, containerAddresses, optIn, texts, Optional.empty());
    }

    /**
     * One address as public or private: as the host's own word has it, else by its range. Empty for what is no address, and for
     * one at which no other machine reaches anything, unless the host's own word is that it is there.
     */
    Optional<Addresses> placed(String address) {
        if (!Addresses.isIpv4(address) && !Addresses.isIpv6(address)) {
            return Optional.empty();
        }
        Addresses byRange = Addresses.byRange(address);
        return addresses
                .only(byRange.preferred())
                .or(() -> Addresses.isUnreachable(address) ? Optional.empty() : Optional.of(byRange));
    }
}
