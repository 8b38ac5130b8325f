package dev.muster.source;

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
 */
public record HostRules(String host, Addresses addresses, boolean containerAddresses, boolean optIn, Texts texts) {

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

    public HostRules(String host, Addresses addresses, boolean containerAddresses, boolean optIn) {
        this(host, addresses, containerAddresses, optIn, Texts.NONE);
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
