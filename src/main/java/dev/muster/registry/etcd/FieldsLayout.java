package dev.muster.registry.etcd;

import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout {@code fields}: one key per field. The five fields that monweb wrote are always there, {@code unit} possibly
 * empty; the others only where they say something.
 */
final class FieldsLayout {

    static final String OWNER = "owner";
    static final String PORT = "port";
    static final String PUBLIC = "public_ipv4_addr";
    static final String PRIVATE = "private_ipv4_addr";
    static final String CONTAINER_ID = "container_id";

    private static final String PUBLIC_IPV6 = "public_ipv6_addr";
    private static final String PRIVATE_IPV6 = "private_ipv6_addr";

    /** Every field that an owner may write. */
    static final Set<String> NAMES = Set.of(
            "unit",
            "host",
            PUBLIC,
            PRIVATE,
            PUBLIC_IPV6,
            PRIVATE_IPV6,
            PORT,
            OWNER,
            "state",
            "state_reason",
            "protocol",
            "check",
            "route",
            "weight",
            CONTAINER_ID,
            "started_at",
            "image",
            "version",
            "attributes",
            "dns",
            "alias");

    /** Those whose values are JSON. */
    static final Set<String> JSON_NAMES = Set.of("check", "route", "attributes", "dns", "alias");

    /** Those whose values are whole numbers. */
    static final Set<String> NUMBER_NAMES = Set.of(PORT, "weight");

    /** Longest value of a plain field; JSON fields may be {@value #MAX_JSON}. */
    static final int MAX_TEXT = 1024;

    static final int MAX_JSON = 65536;

    private static final String CHECK_TCP = "{\"type\":\"tcp\"}";
    private static final String CHECK_NONE = "{\"type\":\"none\"}";

    private FieldsLayout() {}

    /** The fields of a registration, by name. */
    static SortedMap<String, String> encode(Registration registration) {
        Instance instance = registration.instance();
        SortedMap<String, String> fields = new TreeMap<>();
        fields.put("unit", instance.unit());
        fields.put("host", instance.host());
        fields.put(PUBLIC, instance.addresses().publicIpv4());
        fields.put(PRIVATE, instance.addresses().privateIpv4());
        fields.put(PORT, Integer.toString(instance.port()));
        fields.put("state", registration.state().text());
        fields.put("protocol", instance.protocol().text());
        fields.put("check", checkText(instance.check()));
        putUnlessEmpty(fields, PUBLIC_IPV6, instance.addresses().publicIpv6());
        putUnlessEmpty(fields, PRIVATE_IPV6, instance.addresses().privateIpv6());
        putUnlessEmpty(fields, OWNER, registration.owner());
        putUnlessEmpty(fields, "state_reason", registration.reason());
        putUnlessEmpty(fields, CONTAINER_ID, instance.run().containerId());
        putUnlessEmpty(fields, "started_at", instance.run().startedAt());
        putUnlessEmpty(fields, "image", instance.image());
        putUnlessEmpty(fields, "version", instance.version());
        if (instance.weight() != Instance.DEFAULT_WEIGHT) {
            fields.put("weight", Integer.toString(instance.weight()));
        }
        if (!instance.routes().isEmpty()) {
            fields.put("route", routesText(instance.routes()));
        }
        if (!instance.attributes().isEmpty()) {
            fields.put("attributes", Json.text(instance.attributes()));
        }
        if (!instance.dns().isEmpty()) {
            fields.put("dns", Json.text(instance.dns()));
        }
        if (!instance.aliases().isEmpty()) {
            fields.put("alias", Json.text(instance.aliases()));
        }
        return fields;
    }

    /**
     * The registration that the fields say. A field that is missing has its default; only an address and {@code port} must
     * be there. An entry of the old scripts has neither owner (empty) nor run (empty). What many instances have in common is
     * one object, however often it was read.
     *
     * @throws IllegalArgumentException naming the field, the value and what is allowed
     */
    static Registration decode(InstanceId id, Map<String, String> fields) {
        String port = text(fields, PORT, "");
        Instance instance = new Instance(
                id,
                text(fields, "host", "").intern(),
                new Addresses(
                        text(fields, PUBLIC, ""),
                        text(fields, PRIVATE, ""),
                        text(fields, PUBLIC_IPV6, ""),
                        text(fields, PRIVATE_IPV6, "")),
                number(PORT, port, 1, 65535),
                Protocol.parse("protocol", text(fields, "protocol", Protocol.HTTP.text())),
                check(bounded(fields, "check", CHECK_TCP, MAX_JSON)),
                routes(bounded(fields, "route", "[]", MAX_JSON)),
                number("weight", text(fields, "weight", Integer.toString(Instance.DEFAULT_WEIGHT)), 0, 256),
                new Run(text(fields, CONTAINER_ID, ""), text(fields, "started_at", "")),
                text(fields, "unit", ""),
                text(fields, "image", "").intern(),
                text(fields, "version", "").intern(),
                texts("attributes", bounded(fields, "attributes", "{}", MAX_JSON)),
                texts("dns", bounded(fields, "dns", "{}", MAX_JSON)),
                texts("alias", bounded(fields, "alias", "{}", MAX_JSON)));
        return new Registration(
                instance,
                owner(fields),
                InstanceState.parse("state", text(fields, "state", InstanceState.UP.text())),
                text(fields, "state_reason", "").intern());
    }

    /** The value of a {@code route} field or setting. */
    static List<Route> routes(String text) {
        List<Route> routes = new ArrayList<>();
        for (JsonObject route : Json.objects("route", text)) {
            routes.add(new Route(
                    route.string("host").orElse(""),
                    route.string("path").orElse(""),
                    route.number("port", 0, 65535, 0)));
        }
        return routes;
    }

    static String checkText(CheckSpec check) {
        return switch (check.kind()) {
            case TCP -> CHECK_TCP;
            case NONE -> CHECK_NONE;
            case HTTP, UNKNOWN -> Json.text(checkMembers(check));
        };
    }

    static Map<String, Object> checkMembers(CheckSpec check) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", check.kind().name().toLowerCase(Locale.ROOT));
        if (check.kind() == CheckSpec.Kind.HTTP) {
            members.put("path", check.path());
            members.put("status", check.status());
        }
        return members;
    }

    /** A check that this version cannot run is {@code UNKNOWN}, not an error. */
    static CheckSpec check(String text) {
        return switch (text) {
            case CHECK_TCP -> CheckSpec.TCP;
            case CHECK_NONE -> CheckSpec.NONE;
            default -> check(Json.object("check", text));
        };
    }

    static CheckSpec check(JsonObject json) {
        return switch (json.requireString("type")) {
            case "tcp" -> CheckSpec.TCP;
            case "none" -> CheckSpec.NONE;
            case "http" -> httpCheck(json);
            default -> CheckSpec.UNKNOWN;
        };
    }

    private static CheckSpec httpCheck(JsonObject json) {
        try {
            return CheckSpec.http(
                    json.string("path").orElse("/"), json.string("status").orElse("200-399"));
        } catch (IllegalArgumentException e) {
            return CheckSpec.UNKNOWN;
        }
    }

    /** Routes as JSON: in an instance's own field, or in a key below {@code routes/}. */
    static String routesText(List<Route> routes) {
        List<Object> items = new ArrayList<>();
        for (Route route : routes) {
            Map<String, Object> members = new LinkedHashMap<>();
            putUnlessEmpty(members, "host", route.host());
            putUnlessEmpty(members, "path", route.path());
            if (route.port() != 0) {
                members.put("port", route.port());
            }
            items.add(members);
        }
        return Json.text(items);
    }

    private static Map<String, String> texts(String field, String text) {
        JsonObject json = Json.object(field, text);
        Map<String, String> texts = new TreeMap<>();
        json.members()
                .keySet()
                .forEach(name ->
                        texts.put(name.intern(), json.requireString(name).intern()));
        return texts;
    }

    private static String owner(Map<String, String> fields) {
        String owner = text(fields, OWNER, "");
        if (owner.indexOf('/') >= 0 || (fields.containsKey(OWNER) && owner.isBlank())) {
            throw new IllegalArgumentException(
                    "owner '%s': allowed is an agent's id, without '/'".formatted(Name.printable(owner)));
        }
        return owner.intern();
    }

    /** A plain value: short, and without control characters, since it ends up in files, logs and terminals. */
    private static String text(Map<String, String> fields, String field, String otherwise) {
        String value = bounded(fields, field, otherwise, MAX_TEXT);
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw new IllegalArgumentException(
                        "%s '%s': allowed is text without control characters".formatted(field, Name.printable(value)));
            }
        }
        return value;
    }

    private static String bounded(Map<String, String> fields, String field, String otherwise, int most) {
        return bounded(field, fields.getOrDefault(field, otherwise), most);
    }

    /** A text that may be JSON: neither too long nor binary. */
    static String requireJson(String field, String value) {
        return bounded(field, value, MAX_JSON);
    }

    private static String bounded(String field, String value, int most) {
        if (value.length() > most) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed are at most %d characters".formatted(field, Name.printable(value), most));
        }
        if (isBinary(value)) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is text in UTF-8".formatted(field, Name.printable(value)));
        }
        return value;
    }

    /** Whether it was no UTF-8, or contains U+FFFD, which stands for what was not. */
    static boolean isBinary(String value) {
        return value.indexOf('\ufffd') >= 0;
    }

    private static int number(String field, String text, int least, int most) {
        int value = 0;
        boolean valid = !text.isEmpty() && text.length() <= 5;
        for (int i = 0; valid && i < text.length(); i++) {
            char c = text.charAt(i);
            valid = c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        if (!valid || value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is %d to %d".formatted(field, Name.printable(text), least, most));
        }
        return value;
    }

    private static void putUnlessEmpty(Map<String, ? super String> fields, String field, String value) {
        if (!value.isEmpty()) {
            fields.put(field, value);
        }
    }
}
