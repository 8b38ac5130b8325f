package dev.muster.registry.etcd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.muster.model.Name;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small JSON values in etcd, as maps, lists, strings, longs, doubles and booleans. Jackson's streams without its
 * object mapper, whose classes alone would cost a start its budget.
 */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(20).build())
            .build();

    private Json() {}

    /** @throws IllegalArgumentException naming {@code field} when the text is not one JSON object */
    static JsonObject object(String field, String text) {
        Object value = read(field, text, "a JSON object");
        if (value instanceof Map<?, ?>) {
            return new JsonObject(field, members(value));
        }
        throw refused(field, text, "a JSON object");
    }

    /** @throws IllegalArgumentException naming {@code field} when the text is not a JSON list of objects */
    static List<JsonObject> objects(String field, String text) {
        Object value = read(field, text, "a JSON list of objects");
        if (!(value instanceof List<?> items)) {
            throw refused(field, text, "a JSON list of objects");
        }
        List<JsonObject> objects = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof Map<?, ?>)) {
                throw refused(field, text, "a JSON list of objects");
            }
            objects.add(new JsonObject(field, members(item)));
        }
        return objects;
    }

    /** @throws IllegalArgumentException naming {@code field} when the text is not one JSON value */
    static Object value(String field, String text) {
        return read(field, text, "JSON");
    }

    /** The text of a value of maps, lists, strings, numbers and booleans; members in the map's order. */
    static String text(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> members(Object map) {
        return (Map<String, Object>) map;
    }

    private static IllegalArgumentException refused(String field, String text, String allowed) {
        return new IllegalArgumentException("%s '%s': allowed is %s".formatted(field, Name.printable(text), allowed));
    }

    private static Object read(String field, String text, String allowed) {
        try (JsonParser in = FACTORY.createParser(text)) {
            Object value = value(in, in.nextToken());
            if (value == null || in.nextToken() != null) {
                throw refused(field, text, allowed);
            }
            return value;
        } catch (IOException e) {
            IllegalArgumentException refused = refused(field, text, allowed);
            refused.initCause(e);
            throw refused;
        }
    }

    /** Null for JSON's null and where the text ends: both are no value here. */
    private static @Nullable Object value(JsonParser in, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            return null;
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                    Object member = value(in, in.nextToken());
                    if (member != null) {
                        members.put(name, member);
                    }
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    Object item = value(in, next);
                    if (item != null) {
                        items.add(item);
                    }
                }
                yield items;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    out.writeFieldName(member.getKey().toString());
                    write(out, member.getValue());
                }
                out.writeEndObject();
            }
            case Iterable<?> items -> {
                out.writeStartArray();
                for (Object item : items) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Boolean truth -> out.writeBoolean(truth);
            default -> out.writeString(value.toString());
        }
    }
}
