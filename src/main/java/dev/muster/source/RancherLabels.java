package dev.muster.source;

import dev.muster.model.Name;
import dev.muster.model.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rancher's label on a balancer's container, which says how requests find another service:
 * {@code io.rancher.loadbalancer.target.<service>: [host][:source port][/path]=<target port>}, several with commas between.
 * The target port is checked and otherwise without use: a service's instances each have their port in the registry. Pure.
 */
final class RancherLabels {

    private static final String PREFIX = "io.rancher.loadbalancer.target.";
    private static final Pattern RULE = Pattern.compile("([^:/=]*)(?::([0-9]{1,5}))?(/[^=]*)?=([0-9]{1,5})");

    private RancherLabels() {}

    /**
     * The routes by the service that they lead to.
     *
     * @param refused takes a sentence for each that cannot be taken: it alone is left out
     */
    static SortedMap<String, List<Route>> routes(Map<String, String> labels, Consumer<String> refused) {
        SortedMap<String, List<Route>> routes = new TreeMap<>();
        new TreeMap<>(labels).forEach((label, value) -> {
            if (!label.startsWith(PREFIX)) {
                return;
            }
            String service = label.substring(PREFIX.length());
            for (String rule : value.split(",", -1)) {
                Said said = new Said(label, rule.strip(), false);
                try {
                    Name.require(said.where() + ": service", service);
                    routes.computeIfAbsent(service, target -> new ArrayList<>()).add(route(said));
                } catch (IllegalArgumentException e) {
                    refused.accept(e.getMessage());
                }
            }
        });
        routes.values().removeIf(List::isEmpty);
        return routes;
    }

    private static Route route(Said said) {
        Matcher rule = RULE.matcher(said.value());
        if (!rule.matches() || !isPort(rule.group(4))) {
            throw said.refused("allowed is [host][:source port][/path]=<target port>");
        }
        String host = rule.group(1).toLowerCase(Locale.ROOT);
        String path = rule.group(3) == null ? "" : rule.group(3);
        String port = rule.group(2) == null ? "" : rule.group(2);
        if (!port.isEmpty() && !isPort(port)) {
            throw said.refused("allowed as a source port is 1 to 65535");
        }
        // Neither host nor port nor path: every request.
        boolean any = host.isEmpty() && path.isEmpty() && port.isEmpty();
        try {
            return new Route(host, any ? "/" : path, port.isEmpty() ? 0 : Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            throw said.refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65535;
    }
}
