package dev.muster.model;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A text with fields of an instance in it, as in <code>http://logs/%&#123;host&#125;</code>. A second percent sign before the
 * brace makes plain text of it; nothing else is special.
 *
 * @param text as it was given; it has no field but those of {@link #FIELDS}
 */
public record Template(String text) {

    /** What can be asked for; each is a text, empty where the instance has no such thing. */
    public static final List<String> FIELDS = List.of(
            "host",
            "service",
            "instance",
            "container",
            "container_id",
            "public_ip",
            "private_ip",
            "port",
            "image",
            "tag");

    private static final int LONGEST = 2048;

    /** @throws IllegalArgumentException saying what is allowed, for a field that does not exist */
    public Template {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("allowed are %d characters".formatted(LONGEST));
        }
        walk(text, literal -> {}, Template::requireField);
    }

    /** Whether the field stands in it. */
    public boolean uses(String field) {
        boolean[] found = {false};
        walk(text, literal -> {}, name -> found[0] |= name.equals(field));
        return found[0];
    }

    /**
     * The text with each field's value in its place.
     *
     * @throws IllegalArgumentException naming the field that is empty
     */
    public String expand(Map<String, String> values) {
        return expand(values, value -> value);
    }

    /** The same, with each value made fit for where it is to stand. */
    public String expand(Map<String, String> values, UnaryOperator<String> fitting) {
        StringBuilder out = new StringBuilder();
        walk(text, out::append, name -> {
            String value = values.getOrDefault(name, "");
            if (value.isEmpty()) {
                throw new IllegalArgumentException("it asks for %%{%s}, which this instance has not".formatted(name));
            }
            out.append(fitting.apply(value));
        });
        return out.toString();
    }

    private static void walk(String text, Consumer<String> literal, Consumer<String> field) {
        int at = 0;
        while (true) {
            int start = text.indexOf("%{", at);
            if (start < 0) {
                literal.accept(text.substring(at));
                return;
            }
            if (start > at && text.charAt(start - 1) == '%') {
                literal.accept(text.substring(at, start - 1) + "%{");
                at = start + 2;
                continue;
            }
            int end = text.indexOf('}', start);
            if (end < 0) {
                throw new IllegalArgumentException("a '%{' without its '}'; '%%{' stands for a plain '%{'");
            }
            literal.accept(text.substring(at, start));
            field.accept(text.substring(start + 2, end));
            at = end + 1;
        }
    }

    private static void requireField(String name) {
        if (!FIELDS.contains(name)) {
            throw new IllegalArgumentException("'%%{%s}' is no field, allowed are %%{%s}"
                    .formatted(Name.printable(name), String.join("}, %{", FIELDS)));
        }
    }
}
