package dev.muster.provider.haproxy;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.KeyedCertificate;
import dev.muster.model.Protocol;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the file is about: the same model always gives the same text, and the text gives it back.
 *
 * @param services by name; http and tcp only
 * @param certificates by name: what is shown to clients whatever the service, besides what services bring
 * @param refusedPorts ports that are wanted and that another program has: their routes stay out until they are free
 */
record HaproxyModel(
        SortedMap<String, ServiceTargets> services,
        SortedSet<Integer> refusedPorts,
        SortedMap<String, KeyedCertificate> certificates) {

    static final HaproxyModel EMPTY = new HaproxyModel(new TreeMap<>(), new TreeSet<>());

    HaproxyModel {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        refusedPorts = Collections.unmodifiableSortedSet(new TreeSet<>(refusedPorts));
        certificates = Collections.unmodifiableSortedMap(new TreeMap<>(certificates));
    }

    /** One without certificates of its own. */
    HaproxyModel(SortedMap<String, ServiceTargets> services, SortedSet<Integer> refusedPorts) {
        this(services, refusedPorts, new TreeMap<>());
    }

    /** Without what HAProxy cannot serve. */
    static HaproxyModel of(SortedMap<String, ServiceTargets> services) {
        SortedMap<String, ServiceTargets> servable = new TreeMap<>(services);
        servable.values().removeIf(service -> service.protocol() == Protocol.UDP);
        return new HaproxyModel(servable, new TreeSet<>());
    }

    HaproxyModel refusing(SortedSet<Integer> ports) {
        return new HaproxyModel(services, ports, certificates);
    }

    /** With every port that it wants: one that another program had may be free by now. */
    HaproxyModel refusingNothing() {
        return refusing(new TreeSet<>());
    }

    HaproxyModel with(SortedMap<String, ServiceTargets> otherServices) {
        return new HaproxyModel(otherServices, refusedPorts, certificates);
    }

    HaproxyModel showing(SortedMap<String, KeyedCertificate> others) {
        return new HaproxyModel(services, refusedPorts, others);
    }

    /** Whether there is a certificate to show. */
    boolean hasCertificate() {
        return !certificates.isEmpty()
                || services.values().stream()
                        .anyMatch(service -> service.options().certificate().isPresent());
    }

    /** This structure with the targets of {@code wanted}: what can be had without a reload. */
    HaproxyModel withTargetsOf(HaproxyModel wanted) {
        SortedMap<String, ServiceTargets> mixed = new TreeMap<>();
        services.forEach((name, mine) -> {
            ServiceTargets theirs = wanted.services().get(name);
            mixed.put(name, mine.withTargets(theirs == null ? new TreeMap<>() : theirs.targets()));
        });
        return with(mixed);
    }

    /** Services as these servers serve them; a route on a refused port is none. */
    SortedMap<String, ServiceTargets> asServed(List<ServerRow> rows) {
        Map<String, SortedMap<Target, TargetState>> there = new HashMap<>();
        for (ServerRow row : rows) {
            ServiceTargets service = services.get(row.backend());
            if (service != null && row.name().isPresent()) {
                ServerName name = row.name().get();
                TargetState meant = meant(service, name);
                if (meant != null || row.admin() == 0) {
                    there.computeIfAbsent(row.backend(), any -> new TreeMap<>())
                            .merge(name.target(), row.as(service.service(), name, meant), HaproxyModel::serving);
                }
            }
        }
        SortedMap<String, ServiceTargets> served = new TreeMap<>();
        services.forEach((name, service) -> served.put(
                name,
                service.withRoutes(service.routes().stream()
                                .filter(route -> !refusedPorts.contains(route.port()))
                                .toList())
                        .withTargets(there.getOrDefault(name, new TreeMap<>()))));
        return served;
    }

    /** By service, what HAProxy's own check has taken out. */
    SortedMap<String, SortedSet<Target>> failing(List<ServerRow> rows) {
        SortedMap<String, SortedSet<Target>> failing = new TreeMap<>();
        for (ServerRow row : rows) {
            if (row.failing() && services.containsKey(row.backend())) {
                row.name()
                        .ifPresent(name -> failing.computeIfAbsent(row.backend(), any -> new TreeSet<>())
                                .add(name.target()));
            }
        }
        return failing;
    }

    private static @Nullable TargetState meant(ServiceTargets service, ServerName name) {
        TargetState state = service.targets().get(name.target());
        return state != null && state.instance().instance().equals(name.instance()) ? state : null;
    }

    /** Two servers on one target are an instance and its successor: the one that gets requests counts. */
    private static TargetState serving(TargetState one, TargetState other) {
        return other.state() == InstanceState.UP ? other : one;
    }

    /** @param pemFolder where authorities stand that vouch for servers */
    List<Server> servers(Path pemFolder) {
        List<Server> servers = new ArrayList<>();
        services.values().forEach(service -> {
            ServerArguments all = ServerArguments.of(service.options(), pemFolder);
            service.targets().forEach((target, state) -> servers.add(Server.of(service.service(), target, state, all)));
        });
        return servers;
    }

    /** With the servers of these services that get requests and are not in the file. */
    HaproxyModel withServing(List<ServerRow> rows) {
        SortedMap<String, ServiceTargets> all = new TreeMap<>(services);
        for (ServerRow row : rows) {
            ServiceTargets service = all.get(row.backend());
            ServerName name = row.name().orElse(null);
            if (service != null
                    && name != null
                    && row.admin() == 0
                    && !service.targets().containsKey(name.target())) {
                SortedMap<Target, TargetState> targets = new TreeMap<>(service.targets());
                InstanceId id = new InstanceId(row.backend(), name.instance());
                targets.put(name.target(), new TargetState(id, InstanceState.UP, row.weight()));
                all.put(row.backend(), service.withTargets(targets));
            }
        }
        return with(all);
    }
}
