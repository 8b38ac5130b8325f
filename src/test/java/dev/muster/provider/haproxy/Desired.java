package dev.muster.provider.haproxy;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a test wants, in few words; each call gives a new one. */
record Desired(SortedMap<String, ServiceTargets> services) {

    static Desired nothing() {
        return new Desired(new TreeMap<>());
    }

    static Route host(String host) {
        return new Route(host, "", 0);
    }

    static Route path(String path) {
        return new Route("", path, 0);
    }

    static Route port(int port) {
        return new Route("", "", port);
    }

    Desired http(String service, Route... routes) {
        return with(new ServiceTargets(service, Protocol.HTTP, List.of(routes), targets(service)));
    }

    Desired tcp(String service, Route... routes) {
        return with(new ServiceTargets(service, Protocol.TCP, List.of(routes), targets(service)));
    }

    Desired udp(String service) {
        return with(new ServiceTargets(service, Protocol.UDP, List.of(), targets(service)));
    }

    Desired without(String service) {
        SortedMap<String, ServiceTargets> fewer = new TreeMap<>(services);
        fewer.remove(service);
        return new Desired(fewer);
    }

    Desired up(String service, String instance, int port) {
        return target(service, instance, port, InstanceState.UP, 100);
    }

    Desired target(String service, String instance, int port, InstanceState state, int weight) {
        return target(service, instance, "127.0.0.1", port, state, weight);
    }

    Desired target(String service, String instance, String address, int port, InstanceState state, int weight) {
        ServiceTargets before = of(service);
        SortedMap<Target, TargetState> targets = new TreeMap<>(before.targets());
        targets.put(new Target(address, port), new TargetState(new InstanceId(service, instance), state, weight));
        return with(before.withTargets(targets));
    }

    /** @param settings name, value, name, value */
    Desired set(String service, String... settings) {
        SortedMap<String, String> said = new TreeMap<>(of(service).options().settings());
        for (int i = 0; i < settings.length; i += 2) {
            said.put(settings[i], settings[i + 1]);
        }
        ServiceTargets before = of(service);
        return with(new ServiceTargets(
                service, before.protocol(), before.routes(), before.targets(), ServiceOptions.of(said)));
    }

    Desired withoutPorts(String service, Integer... ports) {
        ServiceTargets before = of(service);
        SortedMap<Target, TargetState> targets = new TreeMap<>(before.targets());
        targets.keySet().removeIf(target -> Arrays.asList(ports).contains(target.port()));
        return with(before.withTargets(targets));
    }

    /** One pass of a watcher. */
    Plan applyTo(Provider provider) throws ProviderException {
        SortedMap<String, ServiceTargets> actual = provider.actual();
        Plan plan = Diff.between(provider.possible(services), actual);
        if (!plan.changes().isEmpty()) {
            provider.apply(plan);
        }
        return plan;
    }

    private ServiceTargets of(String service) {
        return services.getOrDefault(service, new ServiceTargets(service, Protocol.HTTP, List.of(), new TreeMap<>()));
    }

    private SortedMap<Target, TargetState> targets(String service) {
        return of(service).targets();
    }

    private Desired with(ServiceTargets service) {
        SortedMap<String, ServiceTargets> more = new TreeMap<>(services);
        more.put(service.service(), service);
        return new Desired(more);
    }
}
