package dev.muster.provider.haproxy;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Target;
import java.util.Optional;

/**
 * The name of a server in HAProxy: {@code instance:address:port}. It carries the target, so that an instance at a new
 * address can stand beside its old self, and the instance, so that two runs on one address are told apart. An IPv6 address
 * stands without brackets, which HAProxy takes in no name; the port is what follows the last colon.
 */
record ServerName(String instance, Target target) {

    ServerName {
        Name.require("instance", instance);
        if (!Addresses.isIpv4(target.address()) && !Addresses.isIpv6(target.address())) {
            throw new IllegalArgumentException("address '%s': allowed is an IPv4 or IPv6 address such as 10.1.2.3"
                    .formatted(Name.printable(target.address())));
        }
    }

    /** Empty for a name that is not Muster's. */
    static Optional<ServerName> parse(String text) {
        int instanceEnd = text.indexOf(':');
        int addressEnd = text.lastIndexOf(':');
        if (addressEnd <= instanceEnd) {
            return Optional.empty();
        }
        try {
            String address = text.substring(instanceEnd + 1, addressEnd);
            int port = Integer.parseInt(text.substring(addressEnd + 1));
            return Optional.of(new ServerName(text.substring(0, instanceEnd), new Target(address, port)));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return instance + ":" + target.address() + ":" + target.port();
    }
}
