package dev.muster.source;

import dev.muster.model.Addresses;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The addresses of the host to which a port is bound. Pure. */
final class Bindings {

    private static final String ALL_IPV4 = "0.0.0.0";
    private static final String ALL_IPV6 = "::";

    private Bindings() {}

    /**
     * Where a host's port that is bound to these addresses is reached; empty where no other machine reaches it. The IPv6 twin
     * of a binding is the same instance.
     */
    static Optional<Addresses> reach(Collection<String> bound, HostRules rules) {
        Optional<Addresses> reached = Optional.empty();
        for (String address : new TreeSet<>(bound)) {
            Optional<Addresses> one = switch (address) {
                case ALL_IPV4 -> rules.addresses().ipv4();
                case ALL_IPV6 -> rules.addresses().ipv6();
                default -> rules.placed(address);
            };
            reached = reached.isEmpty()
                    ? one
                    : Optional.of(one.map(reached.get()::and).orElse(reached.get()));
        }
        return reached;
    }

    /**
     * Docker binds a port that was given no address to both families, and may find another random number for the second. Such
     * a twin has no place in the instance, which has one port, and is no instance of its own.
     */
    static void dropStrayTwins(Map<Integer, List<String>> byHostPort) {
        long alone = byHostPort.values().stream()
                .filter(bound -> bound.contains(ALL_IPV4) && !bound.contains(ALL_IPV6))
                .count();
        List<Integer> strays = new ArrayList<>();
        byHostPort.forEach((hostPort, bound) -> {
            if (bound.stream().allMatch(ALL_IPV6::equals)) {
                strays.add(hostPort);
            }
        });
        strays.stream().sorted().limit(alone).forEach(byHostPort::remove);
    }

    /** Why nothing reaches it, in a sentence. */
    static String unreachable(Collection<List<String>> bound, HostRules rules) {
        TreeSet<String> addresses = new TreeSet<>();
        bound.forEach(addresses::addAll);
        boolean lacksIpv6 =
                addresses.contains(ALL_IPV6) && rules.addresses().ipv6().isEmpty();
        boolean lacksIpv4 =
                addresses.contains(ALL_IPV4) && rules.addresses().ipv4().isEmpty();
        String why = lacksIpv6 || lacksIpv4
                ? "and no %s address of this host is known: give one with --private-address or --public-address"
                        .formatted(lacksIpv6 ? "IPv6" : "IPv4")
                : "where no other machine reaches it";
        return "it is published at %s only, %s".formatted(Offers.names(addresses), why);
    }
}
