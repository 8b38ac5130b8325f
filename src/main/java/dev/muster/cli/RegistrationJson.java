package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.model.Goodbye;
import dev.muster.model.Instance;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.Locale;

/** Registrations for programs. The names are those of the fields in etcd. */
final class RegistrationJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RegistrationJson() {}

    static ArrayNode of(Collection<Registration> registrations) {
        ArrayNode array = JSON.arrayNode();
        registrations.forEach(registration -> array.add(of(registration)));
        return array;
    }

    static ObjectNode of(Registration registration) {
        Instance instance = registration.instance();
        ObjectNode object = JSON.objectNode()
                .put("service", instance.id().service())
                .put("instance", instance.id().instance())
                .put("state", registration.state().text())
                .put("reason", registration.reason())
                .put("owner", registration.owner())
                .put("host", instance.host())
                .put("unit", instance.unit())
                .put("public_ipv4_addr", instance.addresses().publicIpv4())
                .put("private_ipv4_addr", instance.addresses().privateIpv4())
                .put("public_ipv6_addr", instance.addresses().publicIpv6())
                .put("private_ipv6_addr", instance.addresses().privateIpv6())
                .put("port", instance.port())
                .put("protocol", instance.protocol().text())
                .put("check", instance.check().kind().name().toLowerCase(Locale.ROOT))
                .put("weight", instance.weight())
                .put("container_id", instance.run().containerId())
                .put("started_at", instance.run().startedAt())
                .put("image", instance.image())
                .put("version", instance.version());
        ArrayNode routes = object.putArray("route");
        instance.routes().forEach(route -> routes.add(of(route)));
        ObjectNode attributes = object.putObject("attributes");
        instance.attributes().forEach(attributes::put);
        ObjectNode dns = object.putObject("dns");
        instance.dns().forEach(dns::put);
        ObjectNode aliases = object.putObject("alias");
        instance.aliases().forEach(aliases::put);
        return object;
    }

    static ObjectNode of(Goodbye goodbye) {
        return JSON.objectNode()
                .put("instance", goodbye.id().instance())
                .put("reason", goodbye.reason().text())
                .put("owner", goodbye.owner())
                .put("container_id", goodbye.run().containerId())
                .put("started_at", goodbye.run().startedAt());
    }

    private static ObjectNode of(Route route) {
        ObjectNode object = JSON.objectNode();
        if (!route.host().isEmpty()) {
            object.put("host", route.host());
        }
        if (!route.path().isEmpty()) {
            object.put("path", route.path());
        }
        if (route.port() != 0) {
            object.put("port", route.port());
        }
        return object;
    }
}
