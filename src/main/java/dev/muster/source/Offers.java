package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which ports of a container are reachable, and where. Pure. */
final class Offers {

    static final Comparator<Container.Port> BY_NUMBER =
            Comparator.comparingInt(Container.Port::number).thenComparing(Container.Port::protocol);

    private final Container container;
    private final ContainerLabels labels;
    private final HostRules rules;
    private final OwnAddresses own;
    private final List<Offer> offers = new ArrayList<>();
    private final SortedSet<Container.Port> ports = new TreeSet<>(BY_NUMBER);
    private final Set<String> refused = new LinkedHashSet<>();

    private Offers(Container container, ContainerLabels labels, HostRules rules) {
        this.container = container;
        this.labels = labels;
        this.rules = rules;
        this.own = new OwnAddresses(container, labels);
    }

    /** Every port that is wanted and reachable, by number. */
    static Offers of(Container container, ContainerLabels labels, HostRules rules) {
        Offers offers = new Offers(container, labels, rules);
        boolean declared = rules.containerAddresses() || container.hostNetwork();
        if (declared) {
            offers.declared();
        } else {
            offers.published();
        }
        if ((declared ? container.exposed() : container.bindings()).isEmpty()
                && (labels.meant(rules.optIn()) || rules.sidecar().isPresent())) {
            offers.refused.add(
                    declared
                            ? "it declares no port: add EXPOSE to its image, or start it with --expose"
                            : "it publishes no port: start it with -p, or the agent with --address-mode container");
        }
        return offers;
    }

    List<Offer> list() {
        return offers;
    }

    /** Every port that counts when the container's ports are told apart, reachable or not: so that no name changes with an address. */
    SortedSet<Container.Port> ports() {
        return ports;
    }

    /** A sentence for each port that is wanted and cannot be reached. */
    Collection<String> refused() {
        return refused;
    }

    private void declared() {
        for (Container.Port port : sorted(container.exposed())) {
            if (!isWanted(port)) {
                continue;
            }
            attempt(port, () -> {
                Addresses addresses = container.hostNetwork() ? rules.addresses() : own.published(port.number(), rules);
                offer(port, override(port).orElse(addresses), port.number(), 0);
            });
        }
    }

    private void published() {
        Map<Container.Port, SortedMap<Integer, List<String>>> byPort = new TreeMap<>(BY_NUMBER);
        for (Container.PortBinding binding : container.bindings()) {
            if (isWanted(binding.port())) {
                byPort.computeIfAbsent(binding.port(), port -> new TreeMap<>())
                        .computeIfAbsent(binding.hostPort(), port -> new ArrayList<>())
                        .add(binding.hostAddress());
            }
        }
        byPort.forEach((port, byHostPort) -> attempt(port, () -> bound(port, byHostPort)));
    }

    private boolean isWanted(Container.Port port) {
        if (labels.counts(port.number())) {
            ports.add(port);
        }
        return labels.wanted(port.number(), rules.optIn());
    }

    private void bound(Container.Port port, SortedMap<Integer, List<String>> byHostPort) {
        Bindings.dropStrayTwins(byHostPort);
        Optional<Addresses> override = override(port);
        Map<Integer, Addresses> reachable = new TreeMap<>();
        byHostPort.forEach((hostPort, bound) -> override.or(() -> Bindings.reach(bound, rules))
                .ifPresent(addresses -> reachable.put(hostPort, addresses)));
        if (reachable.isEmpty()) {
            throw new IllegalArgumentException(Bindings.unreachable(byHostPort.values(), rules));
        }
        int ordinal = reachable.size() == 1 ? 0 : 1;
        for (Map.Entry<Integer, Addresses> entry : reachable.entrySet()) {
            offer(port, entry.getValue(), entry.getKey(), ordinal++);
        }
    }

    /** What the label {@code muster.address} has instead: one address, or one of each family and range with commas between. */
    private Optional<Addresses> override(Container.Port port) {
        Optional<Said> said = labels.address(port.number());
        Optional<Addresses> all = Optional.empty();
        for (String address : said.map(Said::value).orElse("").split(",")) {
            if (said.isPresent()) {
                Addresses one = rules.placed(address.strip())
                        .orElseThrow(() -> said.get()
                                .refused("allowed are addresses at which other machines reach it, such as 10.1.2.3"));
                all = Optional.of(all.map(others -> others.and(one)).orElse(one));
            }
        }
        return all;
    }

    private void offer(Container.Port port, Addresses addresses, int hostPort, int ordinal) {
        Target checkAt = (container.hostNetwork() ? Optional.<String>empty() : own.checked(port.number()))
                .map(address -> new Target(address, port.number()))
                .orElseGet(() -> new Target(addresses.preferred(), hostPort));
        offers.add(new Offer(port, addresses, hostPort, ordinal, checkAt));
    }

    private void attempt(Container.Port port, Runnable offering) {
        try {
            offering.run();
        } catch (IllegalArgumentException e) {
            refused.add("port %d: %s".formatted(port.number(), e.getMessage()));
        }
    }

    private static SortedSet<Container.Port> sorted(Collection<Container.Port> ports) {
        SortedSet<Container.Port> sorted = new TreeSet<>(BY_NUMBER);
        sorted.addAll(ports);
        return sorted;
    }

    static String names(Collection<String> values) {
        return values.isEmpty() ? "none" : Name.printable(String.join(", ", new TreeSet<>(values)));
    }
}
