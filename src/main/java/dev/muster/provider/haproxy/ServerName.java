package dev.muster.provider.haproxy;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Target;
import java.util.Optional;

/**
 * The name of a server in HAProxy: {@code instance:address:port}. It carries the target, so that an instance at a new
 * address can stand beside its old self, and the instance, so that two runs on one address are told apart.
 */
record ServerName(String instance, Target target) {

    ServerName {
        Name.require("instance", instance);
        if (!Addresses.isIpv4(target.address())) {
            throw new IllegalArgumentException("address '%s': allowed is an IPv4 address such as 10.1.2.3"
                    .formatted(Name.printable(target.address())));
        }
    }

    /** Empty for a name that is not Muster's. */
    static Optional<ServerName> parse(String text) {
        int instanceEnd = text.indexOf(':');
        if (instanceEnd < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ServerName(text.substring(0, instanceEnd), Target.parse(text.substring(instanceEnd + 1))));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return instance + ":" + target;
    }
}
