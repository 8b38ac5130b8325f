package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.UnitName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The instances that one container is. Pure.
 *
 * @param candidates by port
 * @param refused in sentences: what was meant to be registered and cannot be
 */
record ContainerInstances(List<Candidate> candidates, List<String> refused) {

    private static final ContainerInstances NONE = new ContainerInstances(List.of(), List.of());
    private static final int LONGEST_IMAGE = 512;

    static ContainerInstances of(Container container, HostRules rules) {
        ContainerLabels labels = new ContainerLabels(container.labels());
        if (container.state() == Container.State.STOPPED
                || (labels.ofSidecar() && rules.sidecar().isEmpty())) {
            return NONE;
        }
        List<Candidate> candidates = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try {
            if (!labels.wanted(rules.optIn())) {
                return NONE;
            }
            List<Offer> offers = Offers.of(container, labels, rules, refused);
            List<String> services = new ArrayList<>();
            offers.forEach(offer -> services.add(service(container, labels, rules, offer, offers)));
            Map<String, Integer> ports = new HashMap<>();
            for (int i = 0; i < offers.size(); i++) {
                // Counts a port once, whatever the number of its bindings.
                if (offers.get(i).ordinal() <= 1) {
                    ports.merge(services.get(i), 1, Integer::sum);
                }
            }
            for (int i = 0; i < offers.size(); i++) {
                String service = services.get(i);
                try {
                    boolean alone = ports.getOrDefault(service, 0) == 1;
                    candidates.add(candidate(container, labels, rules, offers.get(i), service, alone));
                } catch (IllegalArgumentException e) {
                    refused.add("port %d: %s".formatted(offers.get(i).port().number(), e.getMessage()));
                }
            }
        } catch (IllegalArgumentException e) {
            refused.add(String.valueOf(e.getMessage()));
        }
        return new ContainerInstances(List.copyOf(candidates), List.copyOf(refused));
    }

    private static Candidate candidate(
            Container container, ContainerLabels labels, HostRules rules, Offer offer, String service, boolean alone) {
        int port = offer.port().number();
        Instance instance = new Instance(
                new InstanceId(service, instance(container, labels, rules, offer, alone)),
                rules.host(),
                offer.addresses(),
                offer.hostPort(),
                labels.protocol(offer.port()),
                labels.check(offer.port()),
                labels.routes(port),
                labels.weight(port),
                container.run(),
                unit(labels, rules),
                image(container),
                labels.version()
                        .orElseGet(() -> Name.printable(
                                ImageReference.parse(container.image()).tag())),
                Map.of(Registrations.CONTAINER, Name.printable(container.name())),
                Map.of());
        return new Candidate(instance, offer.checkAt(), container.state() == Container.State.PAUSED);
    }

    /** A port's own label; else the sidecar's word or the container's, with the port's number where it offers several. */
    private static String service(
            Container container, ContainerLabels labels, HostRules rules, Offer offer, List<Offer> all) {
        int port = offer.port().number();
        Optional<String> own = labels.serviceOf(port);
        if (own.isPresent()) {
            return own.get();
        }
        String base = rules.sidecar()
                .flatMap(SidecarConfig::service)
                .or(labels::service)
                .or(() -> labels.compose().map(ContainerLabels.Compose::service))
                .orElseGet(() -> ImageReference.parse(container.image()).baseName());
        boolean several = false;
        boolean bothProtocols = false;
        for (Offer other : all) {
            several |= !other.port().equals(offer.port());
            bothProtocols |= other.port().number() == port
                    && other.port().protocol() != offer.port().protocol();
        }
        String numbered = several ? base + "-" + port : base;
        return bothProtocols && offer.port().protocol() == Protocol.UDP ? numbered + "-udp" : numbered;
    }

    /**
     * What the labels say, else a sidecar's unit, else the host and what stays the same when the container is made anew: Compose's project and
     * number, or the container's name. A number follows only where several ports, or several bindings of one port, would
     * have the same id.
     */
    private static String instance(
            Container container, ContainerLabels labels, HostRules rules, Offer offer, boolean alone) {
        int port = offer.port().number();
        Optional<String> own = labels.instanceOf(port);
        StringBuilder id = new StringBuilder(own.or(labels::instance)
                .or(() -> unitOf(rules).map(UnitName::instance))
                .orElseGet(() -> named(container, labels, rules, port)));
        if (own.isEmpty() && !alone) {
            id.append('-').append(port);
        }
        if (offer.ordinal() > 0) {
            id.append('-').append(offer.ordinal());
        }
        return id.toString();
    }

    /** A sidecar knows the unit that it stands beside. */
    private static Optional<UnitName> unitOf(HostRules rules) {
        return rules.sidecar().flatMap(SidecarConfig::unit);
    }

    private static String unit(ContainerLabels labels, HostRules rules) {
        return unitOf(rules).map(UnitName::name).orElseGet(labels::unit);
    }

    private static String named(Container container, ContainerLabels labels, HostRules rules, int port) {
        Optional<ContainerLabels.Compose> compose = labels.compose().filter(ContainerLabels.Compose::numbered);
        if (compose.isEmpty()) {
            return rules.host() + "-" + container.name();
        }
        // Two of a project's services may be one service by their labels (blue and green), and both begin at 1.
        boolean renamed = labels.serviceOf(port).or(labels::service).isPresent();
        return "%s-%s-%s%s"
                .formatted(
                        rules.host(),
                        compose.get().project(),
                        renamed ? compose.get().service() + "-" : "",
                        compose.get().number());
    }

    private static String image(Container container) {
        String image = container.image();
        for (int i = 0; i < image.length(); i++) {
            if (image.charAt(i) <= ' ' || image.charAt(i) > '~') {
                throw new IllegalArgumentException(
                        "image '%s': allowed is a reference".formatted(Name.printable(image)));
            }
        }
        if (image.length() > LONGEST_IMAGE) {
            throw new IllegalArgumentException(
                    "image '%s': allowed are %d characters".formatted(Name.printable(image), LONGEST_IMAGE));
        }
        return image;
    }
}
