package dev.muster.watcher;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.ServiceSettings;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a service with a name in DNS asks for there: that name, and every public address of its instances. */
final class DnsTargets {

    static final Set<String> SETTINGS = Set.of(
            ServiceSettings.ROUTE53_ZONE.name(),
            ServiceSettings.DNS_NAME.name(),
            ServiceSettings.DNS_TTL.name(),
            ServiceSettings.DNS_KEEP_LAST.name());

    private DnsTargets() {}

    /** Whether anything is in service or not; empty for a service without a name. */
    static Optional<DesiredTargets> desired(Catalog catalog, String service) {
        SortedMap<String, String> settings = new TreeMap<>(catalog.settings().getOrDefault(service, new TreeMap<>()));
        settings.keySet().retainAll(SETTINGS);
        return settings.containsKey(ServiceSettings.DNS_NAME.name())
                ? Optional.of(new DesiredTargets(
                        Protocol.TCP, // of which nothing is said there, and which claims no route
                        List.of(),
                        targets(catalog, service),
                        Instant.MAX,
                        new About(settings, new TreeMap<>()),
                        true))
                : Optional.empty();
    }

    /** An instance without a public address has no place there; one of both families has two. */
    private static SortedMap<Target, Wanted> targets(Catalog catalog, String service) {
        SortedMap<Target, Registration> newest = new TreeMap<>();
        for (Registration registration : catalog.of(service).values()) {
            Addresses addresses = registration.instance().addresses();
            Stream.of(addresses.publicIpv4(), addresses.publicIpv6())
                    .filter(address -> !address.isEmpty())
                    .forEach(address -> newest.merge(
                            new Target(address, registration.instance().port()),
                            registration,
                            DesiredTargets::laterStarted));
        }
        SortedMap<Target, Wanted> targets = new TreeMap<>();
        newest.forEach((target, registration) -> targets.put(target, Wanted.of(registration)));
        return targets;
    }
}
