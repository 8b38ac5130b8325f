package dev.muster.provider.haproxy;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.plan.ServiceTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which requests find which service. Who gets a route that several ask for is decided before ({@link
 * dev.muster.plan.RouteClaims}); what only this balancer knows, such as that a port is its main one, is decided here, for the
 * first by name, and a route goes before a name.
 *
 * @param http by port: what each HTTP frontend looks for, in the order in which it is tried, and the service behind it
 * @param tcp by port: the service that has it
 * @param lost what was claimed and not given, in words
 */
record Routing(SortedMap<Integer, SortedMap<Way, String>> http, SortedMap<Integer, String> tcp, List<String> lost) {

    /** The key of the frontend on {@code --haproxy-bind}. */
    static final int MAIN = 0;

    /**
     * @param mainPorts ports of {@code --haproxy-bind}: a route that names one means the main frontend
     * @param refused ports that another program has
     */
    static Routing of(SortedMap<String, ServiceTargets> services, Set<Integer> mainPorts, Set<Integer> refused) {
        Routing routing = new Routing(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        routing.http.put(MAIN, new TreeMap<>());
        for (ServiceTargets service : services.values()) {
            String name = service.service();
            for (Route route : service.routes()) {
                int port = mainPorts.contains(route.port()) ? MAIN : route.port();
                if (refused.contains(port)) {
                    continue;
                }
                if (service.protocol() == Protocol.TCP) {
                    routing.addTcp(port, name);
                } else {
                    routing.addHttp(port, new Way(route.host(), withoutSlash(route.path())), name);
                }
            }
        }
        services.values().stream()
                .filter(service ->
                        service.protocol() == Protocol.HTTP && service.routes().isEmpty())
                .map(ServiceTargets::service)
                .forEach(name -> routing.addHttp(MAIN, new Way(name.toLowerCase(Locale.ROOT), ""), name));
        return routing;
    }

    private void addTcp(int port, String service) {
        if (port == MAIN) {
            lost.add(service + ": a tcp service needs a route with a port of its own");
        } else if (http.containsKey(port)) {
            lost.add("%s: port %d is served as http".formatted(service, port));
        } else {
            String holder = tcp.putIfAbsent(port, service);
            report(holder, service, "port " + port);
        }
    }

    private void addHttp(int port, Way way, String service) {
        if (tcp.containsKey(port)) {
            report(tcp.get(port), service, "port " + port);
            return;
        }
        String holder = http.computeIfAbsent(port, first -> new TreeMap<>()).putIfAbsent(way, service);
        report(holder, service, "host '%s', path '%s', port %d".formatted(way.host(), way.path(), port));
    }

    private void report(@org.jspecify.annotations.Nullable String holder, String loser, String what) {
        if (holder != null && !holder.equals(loser)) {
            lost.add("%s: %s belongs to %s".formatted(loser, what, holder));
        }
    }

    /** {@code /api/} and {@code /api} are one prefix, and {@code /} is all paths. */
    private static String withoutSlash(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
