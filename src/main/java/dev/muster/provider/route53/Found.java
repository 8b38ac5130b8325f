package dev.muster.provider.route53;

import dev.muster.model.DnsSettings;
import dev.muster.model.Protocol;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What the zones say of this group's services, to whoever knows nothing else of them. */
final class Found {

    private Found() {}

    static SortedMap<String, ServiceTargets> in(Collection<ZoneView> views, String group) {
        SortedMap<String, ServiceTargets> services = new TreeMap<>();
        for (ZoneView view : views) {
            for (Owned owned : Owned.of(view, group)) {
                if (owned.said().outlives() && owned.said().targets().isEmpty()) {
                    continue; // it only stays for whoever comes back
                }
                services.merge(owned.said().service(), service(view, owned), Found::both);
            }
        }
        return services;
    }

    /** The same as something that is to stay as it stands there, whoever else's the name may be by now: without a name. */
    static SortedMap<String, ServiceTargets> asItStands(Collection<ZoneView> views, String group) {
        SortedMap<String, ServiceTargets> services = in(views, group);
        services.replaceAll((service, found) -> {
            SortedMap<String, String> settings = new TreeMap<>(found.about().settings());
            settings.remove(DnsSettings.NAME.name());
            return found.withAbout(new About(settings, found.about().details()));
        });
        return services;
    }

    /** The latest epoch in which a leader of this group has written; 0 where none has. */
    static long epoch(Collection<ZoneView> views, String group) {
        return views.stream()
                .flatMapToLong(view -> LongStream.concat(
                        new Fence(view.zone(), group).epoch(view).stream(),
                        Owned.of(view, group).stream()
                                .mapToLong(owned -> owned.said().epoch())))
                .max()
                .orElse(0);
    }

    private static ServiceTargets service(ZoneView view, Owned owned) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(DnsSettings.NAME.name(), owned.name().text());
        view.all(owned.name(), owned.type()).stream()
                .findFirst()
                .ifPresent(set -> settings.put(DnsSettings.TTL.name(), String.valueOf(set.ttlSeconds())));
        return new ServiceTargets(
                owned.said().service(),
                Protocol.TCP,
                List.of(),
                owned.said().targets(),
                ServiceOptions.NONE,
                new About(settings, new TreeMap<>()));
    }

    /** Of a service with records of two types, or that is on its way from one name to another. */
    private static ServiceTargets both(ServiceTargets one, ServiceTargets other) {
        SortedMap<Target, TargetState> targets = new TreeMap<>(other.targets());
        targets.putAll(one.targets());
        return one.withTargets(targets);
    }

    /** Every service that a change is about. */
    static List<String> services(Collection<NameChange> changes) {
        List<String> services = new ArrayList<>();
        changes.forEach(change -> services.addAll(change.services()));
        return services;
    }
}
