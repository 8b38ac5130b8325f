package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Route;
import dev.muster.model.Template;
import dev.muster.model.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The instances that one container is. Pure.
 *
 * @param candidates by port
 * @param refused in sentences: what was meant to be registered and cannot be
 * @param incomplete in sentences: what a label asks for beside the instances, and cannot have
 * @param routes that its labels give to other services
 */
record ContainerInstances(
        List<Candidate> candidates,
        List<String> refused,
        List<String> incomplete,
        SortedMap<String, List<Route>> routes) {

    private static final ContainerInstances NONE =
            new ContainerInstances(List.of(), List.of(), List.of(), new TreeMap<>());
    private static final int LONGEST_IMAGE = 512;

    static ContainerInstances of(Container container, HostRules rules) {
        ContainerLabels labels = new ContainerLabels(container.labels(), container.environment());
        if (container.state() == Container.State.STOPPED
                || (labels.ofSidecar() && rules.sidecar().isEmpty())) {
            return NONE;
        }
        List<String> incomplete = new ArrayList<>();
        ContainerInstances found = new ContainerInstances(
                new ArrayList<>(),
                new ArrayList<>(),
                incomplete,
                RancherLabels.routes(container.labels(), incomplete::add));
        try {
            if (labels.ignored()) {
                return found;
            }
            Offers offers = Offers.of(container, labels, rules);
            found.refused.addAll(offers.refused());
            InstanceNames names = new InstanceNames(container, labels, rules, offers);
            for (Offer offer : offers.list()) {
                found.add(container, labels, rules, offer, names);
            }
        } catch (IllegalArgumentException e) {
            found.refused.add(String.valueOf(e.getMessage()));
        }
        return found;
    }

    private void add(Container container, ContainerLabels labels, HostRules rules, Offer offer, InstanceNames names) {
        try {
            InstanceId id = names.of(offer);
            Map<String, String> facts = InstanceFacts.of(
                    container, rules, id.service(), id.instance(), offer.addresses(), offer.hostPort());
            Instance instance = instance(container, labels, rules, offer, id, facts);
            List<String> sentences = new ArrayList<>();
            instance =
                    instance.withAliases(Aliases.of(labels.aliases(offer.port().number()), facts, sentences::add));
            sentences.forEach(why -> incomplete.add(id + ": " + why));
            candidates.add(new Candidate(instance, offer.checkAt(), container.state() == Container.State.PAUSED));
        } catch (IllegalArgumentException e) {
            refused.add("port %d: %s".formatted(offer.port().number(), e.getMessage()));
        }
    }

    private static Instance instance(
            Container container,
            ContainerLabels labels,
            HostRules rules,
            Offer offer,
            InstanceId id,
            Map<String, String> facts) {
        int port = offer.port().number();
        return new Instance(
                id,
                rules.host(),
                offer.addresses(),
                offer.hostPort(),
                labels.protocol(offer.port()),
                labels.check(offer.port()),
                labels.routes(port),
                labels.weight(port),
                container.run(),
                unit(labels, port, rules, facts),
                image(container),
                labels.version()
                        .orElseGet(() -> Name.printable(
                                ImageReference.parse(container.image()).tag())),
                Attributes.of(container, labels, port, rules, facts),
                labels.dns(port),
                Map.of());
    }

    /** A sidecar knows the unit that it stands beside. */
    private static String unit(ContainerLabels labels, int port, HostRules rules, Map<String, String> facts) {
        return rules.sidecar()
                .flatMap(SidecarConfig::unit)
                .map(UnitName::name)
                .or(() -> rules.texts().unit().map(template -> unit(template, facts)))
                .orElseGet(() -> labels.unit(port));
    }

    private static String unit(Template template, Map<String, String> facts) {
        String unit = template.expand(facts);
        if (!UnitName.isWritten(unit)) {
            throw new IllegalArgumentException(
                    "by --unit-field: unit '%s': allowed is a systemd unit's name".formatted(Name.printable(unit)));
        }
        return unit;
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
