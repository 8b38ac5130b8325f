package dev.muster.registry.etcd;

import dev.muster.model.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read, with members that are asked for by type. Unknown members are somebody's newer version and
 * are let be.
 *
 * @param field what the object is, said in errors
 */
record JsonObject(String field, Map<String, Object> members) {

    Optional<String> string(String name) {
        return Optional.ofNullable(typed(name, String.class, "a string"));
    }

    String requireString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    Optional<Long> number(String name) {
        return Optional.ofNullable(typed(name, Long.class, "a whole number"));
    }

    long requireNumber(String name) {
        return number(name).orElseThrow(() -> missing(name));
    }

    /** A number that must lie in a range. */
    int number(String name, int least, int most, int otherwise) {
        long value = number(name).orElse((long) otherwise);
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s.%s '%d': allowed is %d to %d".formatted(field, name, value, least, most));
        }
        return (int) value;
    }

    boolean truth(String name) {
        return Optional.ofNullable(typed(name, Boolean.class, "true or false")).orElse(false);
    }

    /** The object of that name; empty when it is not there. */
    Optional<JsonObject> object(String name) {
        Map<?, ?> map = typed(name, Map.class, "an object");
        return map == null ? Optional.empty() : Optional.of(new JsonObject(field + "." + name, Json.members(map)));
    }

    /** The objects of that list; none when it is not there. */
    List<JsonObject> objects(String name) {
        List<?> items = typed(name, List.class, "a list of objects");
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : items == null ? List.of() : items) {
            if (!(item instanceof Map<?, ?>)) {
                throw refused(name, item, "a list of objects");
            }
            objects.add(new JsonObject(field + "." + name, Json.members(item)));
        }
        return objects;
    }

    /** The strings of that list; none when it is not there. */
    List<String> strings(String name) {
        List<?> items = typed(name, List.class, "a list of strings");
        List<String> strings = new ArrayList<>();
        for (Object item : items == null ? List.of() : items) {
            if (!(item instanceof String text)) {
                throw refused(name, item, "a list of strings");
            }
            strings.add(text);
        }
        return strings;
    }

    private <T> @Nullable T typed(String name, Class<T> type, String allowed) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!type.isInstance(value)) {
            throw refused(name, value, allowed);
        }
        return type.cast(value);
    }

    private IllegalArgumentException refused(String name, Object value, String allowed) {
        return new IllegalArgumentException(
                "%s.%s '%s': allowed is %s".formatted(field, name, Name.printable(Json.text(value)), allowed));
    }

    private IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("%s.%s is missing".formatted(field, name));
    }
}
