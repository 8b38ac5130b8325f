package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Template;
import dev.muster.model.UnitName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the instances of one container are called: a function of its labels, name, image and ports alone. */
final class InstanceNames {

    private final Container container;
    private final ContainerLabels labels;
    private final HostRules rules;
    private final Offers offers;
    private final Map<String, Integer> portsOfService = new HashMap<>();

    InstanceNames(Container container, ContainerLabels labels, HostRules rules, Offers offers) {
        this.container = container;
        this.labels = labels;
        this.rules = rules;
        this.offers = offers;
        offers.ports().forEach(port -> portsOfService.merge(service(port), 1, Integer::sum));
    }

    /** @throws IllegalArgumentException for what cannot be a name */
    InstanceId of(Offer offer) {
        int port = offer.port().number();
        labels.service(port).ifPresent(Said::name);
        labels.instance(port).ifPresent(Said::name);
        String service = service(offer.port());
        boolean alone = portsOfService.getOrDefault(service, 1) == 1;
        Optional<Said> said = labels.instance(port);
        String automatic = named(port);
        if (said.isEmpty() && rules.texts().id().isPresent()) {
            Template template = rules.texts().id().get();
            String id = templated(template, offer, service, automatic);
            return new InstanceId(service, template.uses("port") ? id : numbered(id, offer, !alone));
        }
        boolean ofPort = said.filter(Said::ofPort).isPresent();
        return new InstanceId(service, numbered(said.map(Said::value).orElse(automatic), offer, !ofPort && !alone));
    }

    /** Numbers follow only where several ports, or several bindings of one port, would have the same id. */
    private static String numbered(String id, Offer offer, boolean byPort) {
        return id + (byPort ? "-" + offer.port().number() : "") + (offer.ordinal() > 0 ? "-" + offer.ordinal() : "");
    }

    private String templated(Template template, Offer offer, String service, String automatic) {
        try {
            String id = template.expand(
                    InstanceFacts.of(container, rules, service, automatic, offer.addresses(), offer.hostPort()));
            return Name.require("instance", id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("by --id-template: " + e.getMessage(), e);
        }
    }

    /** A port's own label; else the sidecar's word or the container's, with the port's number behind it where it has several ports. */
    private String service(Container.Port port) {
        Optional<Said> said = labels.service(port.number());
        if (said.filter(Said::ofPort).isPresent()) {
            return said.get().value();
        }
        String name = rules.sidecar()
                .flatMap(SidecarConfig::service)
                .or(() -> said.map(Said::value))
                .or(() -> labels.compose().map(ComposeLabels::service))
                .orElseGet(() -> ImageReference.parse(container.image()).baseName());
        boolean several = false;
        boolean bothProtocols = false;
        for (Container.Port other : offers.ports()) {
            several |= !other.equals(port);
            bothProtocols |= other.number() == port.number() && other.protocol() != port.protocol();
        }
        String numbered = several ? name + "-" + port.number() : name;
        return bothProtocols && port.protocol() == Protocol.UDP ? numbered + "-udp" : numbered;
    }

    /** A sidecar's unit; else the host and what stays the same when the container is made anew: Compose's project and number, or its name. */
    private String named(int port) {
        Optional<UnitName> unit = rules.sidecar().flatMap(SidecarConfig::unit);
        if (unit.isPresent()) {
            return unit.get().instance();
        }
        Optional<ComposeLabels> compose = labels.compose().filter(ComposeLabels::numbered);
        if (compose.isEmpty()) {
            return rules.host() + "-" + container.name();
        }
        // Two of a project's services may be one service by their labels (blue and green), and both begin at 1.
        boolean renamed = labels.service(port).isPresent();
        return "%s-%s-%s%s"
                .formatted(
                        rules.host(),
                        compose.get().project(),
                        renamed ? compose.get().service() + "-" : "",
                        compose.get().number());
    }
}
