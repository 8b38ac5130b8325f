package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A tree of facts as indented lines for people: {@code name  value}. What is empty is left out. */
final class Outline {

    private static final int INDENT = 2;

    private Outline() {}

    static List<String> lines(JsonNode tree) {
        List<String> lines = new ArrayList<>();
        members(lines, tree, 0);
        return lines;
    }

    private static void members(List<String> lines, JsonNode object, int depth) {
        int width = 0;
        for (var member : object.properties()) {
            width = member.getValue().isValueNode()
                    ? Math.max(width, member.getKey().length())
                    : width;
        }
        for (var member : object.properties()) {
            String name = " ".repeat(depth) + Terminal.safe(member.getKey());
            JsonNode value = member.getValue();
            if (value.isValueNode()) {
                if (!value.asText().isEmpty()) {
                    lines.add(name
                            + " ".repeat(width - member.getKey().length() + INDENT)
                            + Terminal.brief(value.asText()));
                }
            } else if (!value.isEmpty()) {
                lines.add(name);
                if (value.isArray()) {
                    elements(lines, value, depth + INDENT);
                } else {
                    members(lines, value, depth + INDENT);
                }
            }
        }
    }

    /** Each element begins with a dash where its indentation would be. */
    private static void elements(List<String> lines, JsonNode array, int depth) {
        for (JsonNode element : array) {
            int first = lines.size();
            members(lines, element, depth + INDENT);
            if (lines.size() > first) {
                String line = lines.get(first);
                lines.set(first, line.substring(0, depth) + "- " + line.substring(depth + INDENT));
            }
        }
    }
}
