package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.DnsSettings;
import dev.muster.model.Instance;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.ServiceSetting;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.TargetState;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a service with a name in DNS asks for there: that name, and every public address of its instances. Its settings say
 * it, and for what they do not say the labels of the instance that was started last.
 */
final class DnsTargets {

    static final Set<String> SETTINGS =
            DnsSettings.ALL.stream().map(ServiceSetting::name).collect(Collectors.toUnmodifiableSet());

    private DnsTargets() {}

    /** Whether anything is in service or not; empty for a service without a name. */
    static Optional<DesiredTargets> desired(Catalog catalog, String service) {
        SortedMap<String, String> settings = catalog.settings().getOrDefault(service, new TreeMap<>());
        Collection<Registration> registrations = catalog.of(service).values();
        SortedMap<String, String> asked = labels(registrations);
        SETTINGS.forEach(name -> Optional.ofNullable(settings.get(name)).ifPresent(text -> asked.put(name, text)));
        boolean named = DnsSettings.said(asked, DnsSettings.NAME);
        // Without a name it may still say that what labels have left behind is to go.
        if (!named && !"false".equals(settings.get(DnsSettings.KEEP_LAST.name()))) {
            return Optional.empty();
        }
        SortedMap<Target, Registration> newest = named ? newest(registrations) : new TreeMap<>();
        SortedMap<Target, Wanted> targets = new TreeMap<>();
        SortedMap<Target, Details> details = new TreeMap<>();
        newest.forEach((target, registration) -> {
            targets.put(target, wanted(registration));
            details.put(target, Details.ofAttributes(own(registration)));
        });
        return Optional.of(new DesiredTargets(
                protocol(registrations), List.of(), targets, Instant.MAX, new About(asked, details), true));
    }

    /** Of the instance that was started last among those that have any; each as the label that it is. */
    private static SortedMap<String, String> labels(Collection<Registration> registrations) {
        SortedMap<String, String> labels = new TreeMap<>();
        registrations.stream()
                .filter(registration -> !registration.instance().dns().isEmpty())
                .reduce(DesiredTargets::laterStarted)
                .ifPresent(registration -> registration
                        .instance()
                        .dns()
                        .forEach((word, text) -> labels.put(DnsSettings.LABEL + word, text)));
        DnsSettings.OWN.forEach(setting -> labels.remove(DnsSettings.LABEL + DnsSettings.word(setting)));
        return labels;
    }

    /** An instance without a public address has no place there; one of both families has two. */
    private static SortedMap<Target, Registration> newest(Collection<Registration> registrations) {
        SortedMap<Target, Registration> newest = new TreeMap<>();
        for (Registration registration : registrations) {
            for (Target target : registration.instance().publicTargets()) {
                newest.merge(target, registration, DesiredTargets::laterStarted);
            }
        }
        return newest;
    }

    /** What its labels say of this instance alone, but for its weight, which every target has. */
    private static SortedMap<String, String> own(Registration registration) {
        SortedMap<String, String> own = new TreeMap<>();
        DnsSettings.OWN.stream()
                .filter(setting -> !setting.equals(DnsSettings.WEIGHT))
                .map(DnsSettings::word)
                .forEach(word -> Optional.ofNullable(
                                registration.instance().dns().get(word))
                        .ifPresent(text -> own.put(DnsSettings.LABEL + word, text)));
        return own;
    }

    private static Wanted wanted(Registration registration) {
        Wanted wanted = Wanted.of(registration);
        return wanted.as(new TargetState(
                wanted.as().instance(),
                wanted.as().state(),
                registration.instance().dnsWeight()));
    }

    /** As which an SRV record tells it, and which claims no route: udp where all of its instances are. */
    private static Protocol protocol(Collection<Registration> registrations) {
        boolean udp = !registrations.isEmpty()
                && registrations.stream()
                        .map(Registration::instance)
                        .map(Instance::protocol)
                        .allMatch(Protocol.UDP::equals);
        return udp ? Protocol.UDP : Protocol.TCP;
    }
}
