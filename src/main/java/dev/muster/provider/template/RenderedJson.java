package dev.muster.provider.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was rendered last, as text. A field that is not there reads as empty, so that an older text can be read. */
final class RenderedJson {

    private static final JsonMapper JSON = new JsonMapper();

    private RenderedJson() {}

    static String write(Rendered rendered) {
        ObjectNode root = JSON.createObjectNode();
        rendered.loaded().forEach(root.putObject("loaded")::put);
        ArrayNode services = root.putArray("services");
        rendered.services().values().forEach(service -> write(service, services.addObject()));
        return root + "\n";
    }

    private static void write(ServiceTargets service, ObjectNode to) {
        to.put("service", service.service());
        to.put("protocol", service.protocol().text());
        ArrayNode routes = to.putArray("routes");
        service.routes()
                .forEach(route -> routes.addObject()
                        .put("host", route.host())
                        .put("path", route.path())
                        .put("port", route.port()));
        service.about().settings().forEach(to.putObject("settings")::put);
        ArrayNode targets = to.putArray("targets");
        service.targets().forEach((target, state) -> {
            ObjectNode one = targets.addObject()
                    .put("target", target.toString())
                    .put("instance", state.instance().instance())
                    .put("state", state.state().text())
                    .put("weight", state.weight());
            write(service.about().details(target), one);
        });
    }

    private static void write(Details details, ObjectNode to) {
        to.put("host", details.host());
        to.put("public_ip", details.publicIp());
        to.put("private_ip", details.privateIp());
        to.put("unit", details.unit());
        to.put("image", details.image());
        to.put("version", details.version());
        to.put("container_id", details.containerId());
        to.put("started_at", details.startedAt());
        details.attributes().forEach(to.putObject("attributes")::put);
    }

    /** @throws IllegalArgumentException when it is not such a text */
    static Rendered read(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
        SortedMap<String, ServiceTargets> services = new TreeMap<>();
        for (JsonNode service : root.path("services")) {
            services.put(service.path("service").asText(), service(service));
        }
        return new Rendered(services, texts(root.path("loaded")));
    }

    private static ServiceTargets service(JsonNode from) {
        String service = from.path("service").asText();
        List<Route> routes = new ArrayList<>();
        for (JsonNode route : from.path("routes")) {
            routes.add(new Route(
                    route.path("host").asText(),
                    route.path("path").asText(),
                    route.path("port").asInt()));
        }
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        SortedMap<Target, Details> details = new TreeMap<>();
        for (JsonNode one : from.path("targets")) {
            Target target = Target.parse(one.path("target").asText());
            targets.put(
                    target,
                    new TargetState(
                            new InstanceId(service, one.path("instance").asText()),
                            InstanceState.parse("state", one.path("state").asText()),
                            one.path("weight").asInt()));
            Details known = details(one);
            if (!known.equals(Details.UNKNOWN)) {
                details.put(target, known);
            }
        }
        return new ServiceTargets(
                        service,
                        Protocol.parse("protocol", from.path("protocol").asText()),
                        routes,
                        targets)
                .withAbout(new About(texts(from.path("settings")), details));
    }

    private static Details details(JsonNode from) {
        return new Details(
                from.path("host").asText(),
                from.path("public_ip").asText(),
                from.path("private_ip").asText(),
                from.path("unit").asText(),
                from.path("image").asText(),
                from.path("version").asText(),
                from.path("container_id").asText(),
                from.path("started_at").asText(),
                texts(from.path("attributes")));
    }

    private static SortedMap<String, String> texts(JsonNode from) {
        SortedMap<String, String> texts = new TreeMap<>();
        from.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
