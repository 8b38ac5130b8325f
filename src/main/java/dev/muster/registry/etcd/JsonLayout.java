package dev.muster.registry.etcd;

import dev.muster.model.Registration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout {@code json}: the fields of {@link FieldsLayout} as members of one object, numbers as numbers and what is JSON
 * there as JSON. Readers take numbers written as texts too.
 */
final class JsonLayout {

    private static final String ADDRESS = "_addr";

    private JsonLayout() {}

    static String encode(Registration registration) {
        Map<String, Object> members = new TreeMap<>();
        FieldsLayout.encode(registration).forEach((field, text) -> members.put(field, value(field, text)));
        return Json.text(members);
    }

    /**
     * The fields of an instance, by their names in {@link FieldsLayout}; empty where the text is none: no JSON object with
     * a port and an address.
     */
    static Optional<SortedMap<String, String>> fields(String text) {
        if (!text.stripLeading().startsWith("{") || text.length() > FieldsLayout.MAX_JSON) {
            return Optional.empty();
        }
        SortedMap<String, String> fields = new TreeMap<>();
        try {
            Json.object("entry", text).members().forEach((name, value) -> fields.put(name, text(value)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean hasAddress = fields.entrySet().stream()
                .anyMatch(field ->
                        field.getKey().endsWith(ADDRESS) && !field.getValue().isEmpty());
        return hasAddress && fields.containsKey(FieldsLayout.PORT) ? Optional.of(fields) : Optional.empty();
    }

    private static Object value(String field, String text) {
        if (FieldsLayout.NUMBER_NAMES.contains(field)) {
            return Long.valueOf(text);
        }
        return FieldsLayout.JSON_NAMES.contains(field) ? Json.value(field, text) : text;
    }

    private static String text(Object value) {
        return value instanceof Map<?, ?> || value instanceof Iterable<?> ? Json.text(value) : value.toString();
    }
}
