package dev.muster.source;

import dev.muster.model.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What an instance carries that has no field of its own: what Muster knows of its container, and what labels add. Pure. */
final class Attributes {

    private static final String TAGS = "tags";

    /** Muster's own, which no label may have. */
    private static final Set<String> OWN =
            Set.of(Registrations.CONTAINER, TAGS, "image_id", "image_tag", "image_digest", "log_url");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    private static final int MOST = 40 - OWN.size();
    private static final int LONGEST = 1024;
    private static final int LONGEST_TOGETHER = 16 * 1024;
    private static final int LONGEST_URL = 2048;

    private Attributes() {}

    /** @throws IllegalArgumentException for what cannot be taken */
    static SortedMap<String, String> of(
            Container container, ContainerLabels labels, int port, HostRules rules, Map<String, String> facts) {
        SortedMap<String, String> attributes = said(labels.attributes(port));
        ImageReference image = ImageReference.parse(container.image());
        attributes.put(Registrations.CONTAINER, Name.printable(container.name()));
        putUnlessEmpty(attributes, "image_id", Name.printable(container.imageId()));
        putUnlessEmpty(attributes, "image_tag", Name.printable(image.tag()));
        putUnlessEmpty(attributes, "image_digest", Name.printable(image.digest()));
        labels.tags(port).ifPresent(said -> putUnlessEmpty(attributes, TAGS, tags(said)));
        rules.texts().logUrl().ifPresent(template -> {
            boolean whole = facts.entrySet().stream()
                    .noneMatch(fact -> fact.getValue().isEmpty() && template.uses(fact.getKey()));
            String url = whole ? template.expand(facts, Attributes::encoded) : "";
            putUnlessEmpty(attributes, "log_url", url.length() <= LONGEST_URL ? url : "");
        });
        return attributes;
    }

    private static SortedMap<String, String> said(SortedMap<String, Said> labels) {
        SortedMap<String, String> attributes = new TreeMap<>();
        int together = 0;
        for (Map.Entry<String, Said> entry : labels.entrySet()) {
            Said said = entry.getValue();
            if (!NAME.matcher(entry.getKey()).matches()) {
                throw said.refused("allowed as an attribute's name are 1 to 64 letters, digits, '.', '_' or '-'");
            }
            if (OWN.contains(entry.getKey())) {
                throw said.refused(
                        "the attribute %s is Muster's own, allowed is any other name".formatted(entry.getKey()));
            }
            attributes.put(entry.getKey(), said.plain(LONGEST));
            together += said.value().length();
        }
        if (attributes.size() > MOST || together > LONGEST_TOGETHER) {
            throw new IllegalArgumentException(
                    "%d attributes of %d characters together (muster.attribute.*, SERVICE_*): allowed are %d, %d"
                            .formatted(attributes.size(), together, MOST, LONGEST_TOGETHER));
        }
        return attributes;
    }

    /** With commas between; a comma of a tag's own has a backslash before it, as in the label. */
    private static String tags(Said said) {
        List<String> tags = new ArrayList<>();
        for (String tag : said.plain(LONGEST).split("(?<!\\\\),", -1)) {
            if (!tag.isBlank()) {
                tags.add(tag.strip());
            }
        }
        return String.join(",", tags);
    }

    /** Percent-encoded (RFC 3986), but for what an image's name has between its parts. */
    private static String encoded(String value) {
        StringBuilder out = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~/:@".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return out.toString();
    }

    private static void putUnlessEmpty(Map<String, String> attributes, String name, String value) {
        if (!value.isEmpty()) {
            attributes.put(name, value);
        }
    }
}
