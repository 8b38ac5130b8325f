package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which ports of a container are reachable, and where. Pure. */
final class Offers {

    private static final Comparator<Container.Port> BY_NUMBER =
            Comparator.comparingInt(Container.Port::number).thenComparing(Container.Port::protocol);

    private final Container container;
    private final ContainerLabels labels;
    private final HostRules rules;
    private final List<Offer> offers = new ArrayList<>();
    private final List<String> refused;

    private Offers(Container container, ContainerLabels labels, HostRules rules, List<String> refused) {
        this.container = container;
        this.labels = labels;
        this.rules = rules;
        this.refused = refused;
    }

    /**
     * Every port that is wanted and reachable, by number.
     *
     * @param refused takes a sentence for each that is wanted and cannot be reached
     */
    static List<Offer> of(Container container, ContainerLabels labels, HostRules rules, List<String> refused) {
        Offers offers = new Offers(container, labels, rules, refused);
        if (rules.containerAddresses() && !container.hostNetwork()) {
            offers.ownAddress();
        } else if (container.hostNetwork()) {
            offers.hostNetwork();
        } else {
            offers.published();
        }
        if (offers.offers.isEmpty()
                && refused.isEmpty()
                && (labels.meant() || rules.sidecar().isPresent())) {
            refused.add(
                    rules.containerAddresses() || container.hostNetwork()
                            ? "it declares no port: add EXPOSE to its image, or start it with --expose"
                            : "it publishes no port: start it with -p, or the agent with --address-mode container");
        }
        return offers.offers;
    }

    private void ownAddress() {
        SortedSet<Container.Port> ports = wanted(container.exposed());
        if (ports.isEmpty()) {
            return;
        }
        Optional<String> address = own();
        if (address.isEmpty()) {
            refused.add("it has no IPv4 address of its own");
            return;
        }
        if (labels.network().isEmpty() && addressed().size() > 1) {
            refused.add("it is in several networks (%s): choose one with the label muster.network"
                    .formatted(names(addressed())));
            return;
        }
        Addresses addresses = placed(address.get(), rules);
        for (Container.Port port : ports) {
            offer(port, addresses, port.number(), 0);
        }
    }

    private void hostNetwork() {
        for (Container.Port port : wanted(container.exposed())) {
            offer(port, rules.addresses(), port.number(), 0);
        }
    }

    private void published() {
        Map<Container.Port, SortedMap<Integer, List<String>>> byPort = new TreeMap<>(BY_NUMBER);
        for (Container.PortBinding binding : container.bindings()) {
            if (labels.wanted(binding.port().number())) {
                byPort.computeIfAbsent(binding.port(), port -> new TreeMap<>())
                        .computeIfAbsent(binding.hostPort(), port -> new ArrayList<>())
                        .add(binding.hostAddress());
            }
        }
        byPort.forEach(this::bound);
    }

    private void bound(Container.Port port, SortedMap<Integer, List<String>> byHostPort) {
        Map<Integer, Addresses> reachable = new TreeMap<>();
        byHostPort.forEach(
                (hostPort, bound) -> reach(bound).ifPresent(addresses -> reachable.put(hostPort, addresses)));
        if (reachable.isEmpty()) {
            refused.add("port %d: it is published at %s only, where no other machine reaches it over IPv4"
                    .formatted(
                            port.number(),
                            names(byHostPort.values().stream()
                                    .flatMap(List::stream)
                                    .toList())));
            return;
        }
        int ordinal = reachable.size() == 1 ? 0 : 1;
        for (Map.Entry<Integer, Addresses> entry : reachable.entrySet()) {
            offer(port, entry.getValue(), entry.getKey(), ordinal++);
        }
    }

    /** Where a port that is bound to these addresses is reached. The IPv6 twin of a binding is the same instance. */
    private Optional<Addresses> reach(List<String> bound) {
        String publicIpv4 = "";
        String privateIpv4 = "";
        for (String address : new TreeSet<>(bound)) {
            if (address.equals("0.0.0.0")) {
                return Optional.of(rules.addresses());
            }
            if (!Addresses.isIpv4(address) || (address.startsWith("127.") && !isHosts(address))) {
                continue;
            }
            Addresses placed = placed(address, rules);
            publicIpv4 = publicIpv4.isEmpty() ? placed.publicIpv4() : publicIpv4;
            privateIpv4 = privateIpv4.isEmpty() ? placed.privateIpv4() : privateIpv4;
        }
        return publicIpv4.isEmpty() && privateIpv4.isEmpty()
                ? Optional.empty()
                : Optional.of(new Addresses(publicIpv4, privateIpv4));
    }

    private boolean isHosts(String address) {
        return address.equals(rules.addresses().publicIpv4())
                || address.equals(rules.addresses().privateIpv4());
    }

    /** As the host's own word says, else by the address's range. */
    static Addresses placed(String address, HostRules rules) {
        boolean isPublic = address.equals(rules.addresses().publicIpv4());
        boolean isPrivate = address.equals(rules.addresses().privateIpv4());
        if (!isPublic && !isPrivate) {
            return HostAddresses.byRange(address);
        }
        return new Addresses(isPublic ? address : "", isPrivate ? address : "");
    }

    private void offer(Container.Port port, Addresses addresses, int hostPort, int ordinal) {
        Target checkAt = (container.hostNetwork() ? Optional.<String>empty() : own())
                .map(address -> new Target(address, port.number()))
                .orElseGet(() -> new Target(addresses.preferred(), hostPort));
        offers.add(new Offer(port, addresses, hostPort, ordinal, checkAt));
    }

    /** The container's own address, on the network that the labels name, else on the first by name. */
    private Optional<String> own() {
        Optional<String> named = labels.network();
        if (named.isEmpty()) {
            return addressed().stream()
                    .findFirst()
                    .map(network -> container.networks().getOrDefault(network, ""));
        }
        String address = container.networks().getOrDefault(named.get(), "");
        if (!Addresses.isIpv4(address)) {
            throw new IllegalArgumentException(
                    "muster.network '%s': allowed are %s".formatted(Name.printable(named.get()), names(addressed())));
        }
        return Optional.of(address);
    }

    private SortedSet<String> addressed() {
        SortedSet<String> names = new TreeSet<>();
        container.networks().forEach((network, address) -> {
            if (Addresses.isIpv4(address)) {
                names.add(network);
            }
        });
        return names;
    }

    private SortedSet<Container.Port> wanted(List<Container.Port> ports) {
        SortedSet<Container.Port> wanted = new TreeSet<>(BY_NUMBER);
        for (Container.Port port : ports) {
            if (labels.wanted(port.number())) {
                wanted.add(port);
            }
        }
        return wanted;
    }

    private static String names(Collection<String> values) {
        return values.isEmpty() ? "none" : Name.printable(String.join(", ", new TreeSet<>(values)));
    }
}
