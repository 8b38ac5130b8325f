package dev.muster.provider.route53;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Services as a watcher asks for them. */
final class NamedServices {

    /** Of the account. */
    static final List<String> HEALTH_CHECKS =
            List.of("0f1e2d3c-1111-2222-3333-444455556666", "0f1e2d3c-1111-2222-3333-444455557777");

    private NamedServices() {}

    /**
     * @param settings names and values in turn
     */
    static ServiceTargets service(String service, SortedMap<Target, TargetState> targets, String... settings) {
        SortedMap<String, String> all = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        SortedMap<Target, Details> details = new TreeMap<>();
        targets.keySet().forEach(target -> details.put(target, Details.UNKNOWN));
        return new ServiceTargets(
                service, Protocol.TCP, List.of(), targets, ServiceOptions.NONE, new About(all, details));
    }

    /** With its usual name, a time to live of 60 seconds, an instance at each of two addresses, and these settings too. */
    static ServiceTargets two(String service, String... settings) {
        return with(up(service, "203.0.113.5", "203.0.113.6"), settings);
    }

    /** The same with these settings too. */
    static ServiceTargets with(ServiceTargets service, String... settings) {
        SortedMap<String, String> all = new TreeMap<>(service.about().settings());
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return service.withAbout(new About(all, service.about().details()));
    }

    /** With the name {@code <service>.example.com}, a time to live of 60 seconds and an instance at each address. */
    static ServiceTargets up(String service, String... addresses) {
        return named(service, service + ".example.com", addresses);
    }

    /** The same with another name. */
    static ServiceTargets named(String service, String name, String... addresses) {
        return service(service, targets(service, InstanceState.UP, addresses), "dns_name", name, "dns_ttl", "60");
    }

    static SortedMap<Target, TargetState> targets(String service, InstanceState state, String... addresses) {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        int number = 0;
        for (String address : addresses) {
            number++;
            targets.put(
                    new Target(address, 18000 + number),
                    new TargetState(new InstanceId(service, "%s%02d".formatted(service, number)), state, 100));
        }
        return targets;
    }

    static SortedMap<String, ServiceTargets> all(ServiceTargets... services) {
        SortedMap<String, ServiceTargets> all = new TreeMap<>(Map.of());
        for (ServiceTargets service : services) {
            all.put(service.service(), service);
        }
        return all;
    }
}
