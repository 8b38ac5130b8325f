package dev.muster.provider.template;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a test wants in its files, in few words. */
final class Services {

    private final SortedMap<String, ServiceTargets> services = new TreeMap<>();

    SortedMap<String, ServiceTargets> map() {
        return new TreeMap<>(services);
    }

    Services up(String service, String instance, int port, String... attributes) {
        return is(service, instance, port, InstanceState.UP, attributes);
    }

    /** @param attributes names and values in turn */
    Services is(String service, String instance, int port, InstanceState state, String... attributes) {
        Map<String, String> said = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            said.put(attributes[i], attributes[i + 1]);
        }
        ServiceTargets before = of(service);
        SortedMap<Target, TargetState> targets = new TreeMap<>(before.targets());
        SortedMap<Target, Details> details = new TreeMap<>(before.about().details());
        Target target = new Target("10.0.0.1", port);
        targets.put(target, new TargetState(new InstanceId(service, instance), state, 100));
        details.put(target, new Details("host1", "", "10.0.0.1", "", "web:1", "1", "", "", said));
        return with(
                before.withTargets(targets).withAbout(new About(before.about().settings(), details)));
    }

    Services setting(String service, String name, String value) {
        ServiceTargets before = of(service);
        SortedMap<String, String> settings = new TreeMap<>(before.about().settings());
        settings.put(name, value);
        return with(before.withRoutes(List.of(new Route("www.example.com", "/a%20b", 0)))
                .withAbout(new About(settings, before.about().details())));
    }

    Services without(String service, int port) {
        ServiceTargets before = of(service);
        SortedMap<Target, TargetState> targets = new TreeMap<>(before.targets());
        targets.remove(new Target("10.0.0.1", port));
        return with(before.withTargets(targets));
    }

    Plan applyTo(Provider provider) throws ProviderException {
        Plan plan = Diff.between(map(), provider.actual());
        provider.apply(plan);
        return plan;
    }

    private ServiceTargets of(String service) {
        return services.getOrDefault(service, new ServiceTargets(service, Protocol.HTTP, List.of(), new TreeMap<>()));
    }

    private Services with(ServiceTargets service) {
        Services more = new Services();
        more.services.putAll(services);
        more.services.put(service.service(), service);
        return more;
    }
}
