package dev.muster.provider.template;

import dev.muster.model.InstanceState;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Details;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a template sees: {@code services}, a list by name, and {@code service}, the same by name. Names, addresses, ports and
 * states have passed their grammars and are strings and numbers; any other text goes through {@link FreeText#of}.
 */
final class View {

    private View() {}

    static Map<String, Object> of(SortedMap<String, ServiceTargets> services) {
        Map<String, Map<String, Object>> byName = new TreeMap<>();
        services.forEach((name, service) -> byName.put(name, service(service)));
        return Map.of("services", List.copyOf(byName.values()), "service", new Services(byName));
    }

    private static Map<String, Object> service(ServiceTargets service) {
        List<Map<String, Object>> instances = new ArrayList<>();
        service.targets()
                .forEach((target, state) ->
                        instances.add(instance(target, state, service.about().details(target))));
        return service(
                service.service(),
                service.protocol().text(),
                instances,
                service.routes().stream().map(View::route).toList(),
                new Texts(service.about().settings()));
    }

    private static Map<String, Object> service(
            Object name,
            String protocol,
            List<Map<String, Object>> instances,
            List<Map<String, Object>> routes,
            Texts settings) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", name);
        view.put("protocol", protocol);
        view.put("instances", instances);
        view.put(
                "up",
                instances.stream()
                        .filter(instance -> Boolean.TRUE.equals(instance.get("up")))
                        .toList());
        view.put("routes", routes);
        view.put("settings", settings);
        return view;
    }

    private static Map<String, Object> instance(Target target, TargetState state, Details details) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("service", state.instance().service());
        view.put("instance", state.instance().instance());
        view.put("address", target.address());
        view.put("port", target.port());
        view.put("endpoint", target.toString());
        view.put("state", state.state().text());
        view.put("up", state.state() == InstanceState.UP);
        view.put("weight", state.weight());
        view.put("public_ip", details.publicIp());
        view.put("private_ip", details.privateIp());
        view.put("host", FreeText.of(details.host()));
        view.put("unit", FreeText.of(details.unit()));
        view.put("image", FreeText.of(details.image()));
        view.put("version", FreeText.of(details.version()));
        view.put("container_id", FreeText.of(details.containerId()));
        view.put("started_at", FreeText.of(details.startedAt()));
        view.put("tags", tags(details.attributes().getOrDefault("tags", "")));
        view.put("attributes", new Texts(details.attributes()));
        return view;
    }

    private static List<Object> tags(String tags) {
        return Stream.of(tags.split(",", -1))
                .filter(tag -> !tag.isBlank())
                .map(FreeText::of)
                .toList();
    }

    private static Map<String, Object> route(Route route) {
        return Map.of("host", route.host(), "path", route.path(), "port", route.port());
    }

    /** A service that is not there is one without instances. */
    private static final class Services extends AbstractMap<String, Map<String, Object>> {

        private final Map<String, Map<String, Object>> byName;

        Services(Map<String, Map<String, Object>> byName) {
            this.byName = byName;
        }

        @Override
        public Set<Entry<String, Map<String, Object>>> entrySet() {
            return byName.entrySet();
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return true;
        }

        @Override
        public Map<String, Object> get(@Nullable Object name) {
            Map<String, Object> found = byName.get(String.valueOf(name));
            return found != null
                    ? found
                    : service(FreeText.of(String.valueOf(name)), "http", List.of(), List.of(), new Texts(Map.of()));
        }
    }
}
