package dev.muster.source;

import dev.muster.model.Addresses;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The addresses that a container itself has, on the network that the labels name, else on the first by name. Pure. */
final class OwnAddresses {

    private final Container container;
    private final ContainerLabels labels;

    OwnAddresses(Container container, ContainerLabels labels) {
        this.container = container;
        this.labels = labels;
    }

    /**
     * Those to be published.
     *
     * @throws IllegalArgumentException saying why there are none, or which of several is to be chosen
     */
    Addresses published(int port, HostRules rules) {
        SortedSet<String> networks = addressed();
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("it has no address of its own");
        }
        if (labels.network(port).isEmpty() && networks.size() > 1) {
            throw new IllegalArgumentException(
                    "it is in several networks (%s): choose one with the label muster.network"
                            .formatted(Offers.names(networks)));
        }
        String network = network(port).orElseThrow();
        Optional<Addresses> ipv4 = rules.placed(ipv4(network));
        Optional<Addresses> ipv6 = rules.placed(ipv6(network));
        return ipv4.map(addresses -> ipv6.map(addresses::and).orElse(addresses))
                .or(() -> ipv6)
                .orElseThrow(
                        () -> new IllegalArgumentException("its own address is one where no other machine reaches it"));
    }

    /** The one at which its own host checks it. */
    Optional<String> checked(int port) {
        return network(port).map(network -> ipv4(network).isEmpty() ? ipv6(network) : ipv4(network));
    }

    private Optional<String> network(int port) {
        Optional<Said> named = labels.network(port);
        SortedSet<String> networks = addressed();
        if (named.isPresent() && !networks.contains(named.get().value())) {
            throw named.get().refused("allowed are " + Offers.names(networks));
        }
        return named.map(Said::value).or(() -> networks.stream().findFirst());
    }

    private SortedSet<String> addressed() {
        SortedSet<String> names = new TreeSet<>(container.networks().keySet());
        names.addAll(container.ipv6().keySet());
        names.removeIf(network -> ipv4(network).isEmpty() && ipv6(network).isEmpty());
        return names;
    }

    private String ipv4(String network) {
        return Optional.ofNullable(container.networks().get(network))
                .filter(Addresses::isIpv4)
                .orElse("");
    }

    private String ipv6(String network) {
        return Optional.ofNullable(container.ipv6().get(network))
                .filter(Addresses::isIpv6)
                .orElse("");
    }
}
