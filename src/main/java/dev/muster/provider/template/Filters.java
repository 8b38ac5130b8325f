package dev.muster.provider.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What templates can do with values beside what Pebble brings. Those that write a text see it as it is, and let no control character through. */
final class Filters {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    /** Blocks of RFC 7468 and nothing else. */
    private static final Pattern PEM = Pattern.compile(
            "\\s*(-----BEGIN ([A-Z0-9 ]{1,64})-----\\R(?:[A-Za-z0-9+/=]{1,76}\\R)+-----END \\2-----\\s*)+");

    private static final Comparator<Object> ORDER =
            (one, other) -> one instanceof Number first && other instanceof Number second
                    ? Double.compare(first.doubleValue(), second.doubleValue())
                    : FreeText.textOf(one).compareTo(FreeText.textOf(other));

    private Filters() {}

    /** By name. */
    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("json", new One(List.of("pretty"), (value, given) -> json(value, given.get("pretty"))));
        all.put("base64", new One(List.of(), (value, given) -> base64(value)));
        all.put("base64encode", new One(List.of(), (value, given) -> base64(value)));
        all.put("base64decode", new One(List.of(), (value, given) -> decoded(FreeText.textOf(value))));
        all.put("urlencode", new One(List.of(), (value, given) -> urlEncoded(FreeText.textOf(value))));
        all.put("line", new One(List.of(), (value, given) -> line(FreeText.textOf(value))));
        all.put("pem", new One(List.of(), (value, given) -> pem(FreeText.textOf(value))));
        all.put("sort", new One(List.of("by"), (value, given) -> sorted(list(value), given.get("by"))));
        all.put("group", new One(List.of("by"), (value, given) -> grouped(list(value), required(given, "by"))));
        all.put("pluck", new One(List.of("field"), (value, given) -> plucked(list(value), required(given, "field"))));
        all.put(
                "where",
                new One(
                        List.of("field", "is"),
                        (value, given) -> where(list(value), required(given, "field"), given.get("is"))));
        return all;
    }

    private interface Work {
        Object on(Object value, Map<String, Object> given);
    }

    private record One(List<String> arguments, Work work) implements Filter {

        @Override
        public List<String> getArgumentNames() {
            return arguments;
        }

        @Override
        public Object apply(
                @Nullable Object value,
                Map<String, Object> given,
                PebbleTemplate self,
                EvaluationContext context,
                int line) {
            try {
                return work.on(value == null ? "" : value, given);
            } catch (IllegalArgumentException e) {
                throw new PebbleException(e, String.valueOf(e.getMessage()), line, self.getName());
            }
        }
    }

    private static String json(Object value, @Nullable Object pretty) {
        try {
            ObjectWriter writer = Boolean.TRUE.equals(pretty) ? JSON.withDefaultPrettyPrinter() : JSON;
            return writer.writeValueAsString(asWritten(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("json: " + e.getOriginalMessage(), e);
        }
    }

    /** With every text as it is. */
    private static Object asWritten(Object value) {
        return switch (value) {
            case FreeText free -> free.text();
            case Map<?, ?> map -> {
                Map<String, Object> written = new LinkedHashMap<>();
                map.forEach((name, one) -> written.put(FreeText.textOf(name), asWritten(one)));
                yield written;
            }
            case Collection<?> all -> all.stream().map(Filters::asWritten).toList();
            default -> value;
        };
    }

    private static String base64(Object value) {
        return Base64.getEncoder().encodeToString(FreeText.textOf(value).getBytes(StandardCharsets.UTF_8));
    }

    /** What comes out is as free as what went in. */
    private static Object decoded(String text) {
        try {
            return FreeText.of(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    private static String urlEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Any text, but on one line: what ends lines or is invisible is a question mark. */
    private static String line(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean shown = switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.UNASSIGNED -> false;
                default -> true;
            };
            out.appendCodePoint(shown ? c : '?');
        });
        return out.toString();
    }

    /** Certificates and keys, which are nothing without their lines; empty for any other text. */
    private static String pem(String text) {
        return PEM.matcher(text).matches() ? text.strip().replaceAll("\\R", "\n") + "\n" : "";
    }

    private static List<Object> list(Object value) {
        return switch (value) {
            case Collection<?> all -> List.copyOf(all);
            case Map<?, ?> map -> List.copyOf(map.values());
            default -> throw new IllegalArgumentException("this filter is for lists");
        };
    }

    private static List<Object> sorted(List<Object> all, @Nullable Object by) {
        List<Object> sorted = new ArrayList<>(all);
        sorted.sort(by == null ? ORDER : Comparator.comparing(one -> field(one, by.toString()), ORDER));
        return sorted;
    }

    /** @return a list, by key, of maps with {@code key} and {@code items} */
    private static List<Map<String, Object>> grouped(List<Object> all, String by) {
        Map<Object, List<Object>> groups = new TreeMap<>(ORDER);
        all.forEach(one ->
                groups.computeIfAbsent(field(one, by), key -> new ArrayList<>()).add(one));
        List<Map<String, Object>> list = new ArrayList<>();
        groups.forEach((key, items) -> list.add(Map.of("key", key, "items", items)));
        return list;
    }

    private static List<Object> plucked(List<Object> all, String field) {
        return all.stream().map(one -> field(one, field)).toList();
    }

    private static List<Object> where(List<Object> all, String field, @Nullable Object is) {
        String wanted = is == null ? "true" : FreeText.textOf(is);
        return all.stream()
                .filter(one -> FreeText.textOf(field(one, field)).equals(wanted))
                .toList();
    }

    /** Also {@code attributes.tier}. */
    private static Object field(Object of, String path) {
        Object at = of;
        for (String name : path.split("\\.", -1)) {
            if (!(at instanceof Map<?, ?> map) || !map.containsKey(name)) {
                throw new IllegalArgumentException("there is no field '%s'".formatted(path));
            }
            Object next = map.get(name);
            at = next == null ? "" : next;
        }
        return at;
    }

    private static String required(Map<String, Object> given, String argument) {
        Object value = given.get(argument);
        if (value == null) {
            throw new IllegalArgumentException("this filter needs '%s'".formatted(argument));
        }
        return value.toString();
    }
}
