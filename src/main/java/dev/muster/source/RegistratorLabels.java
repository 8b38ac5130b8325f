package dev.muster.source;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Registrator's metadata (<a href="https://gliderlabs.github.io/registrator/latest/user/services/">its documentation</a>):
 * labels and environment of {@code SERVICE_<KEY>}, or {@code SERVICE_<port>_<KEY>} which beats it. Among those a label beats
 * the environment, which the image's author may have written. Keys are read without regard to case; an empty one takes back
 * what it beats, and says nothing itself.
 */
final class RegistratorLabels {

    private static final String PREFIX = "SERVICE_";
    private static final String ENVIRONMENT = " in its environment";
    private static final Pattern OF_PORT = Pattern.compile("([0-9]{1,5})_(.+)", Pattern.DOTALL);

    /** Words that speak of a secret: what the environment has under such a name is not published. */
    private static final Pattern SECRET =
            Pattern.compile(".*(passw|secret|token|credential|private|api_?key|access_?key|key_id).*|(.*_)?key");

    private final Map<String, Said> general = new HashMap<>();
    private final Map<Integer, Map<String, Said>> byPort = new HashMap<>();

    RegistratorLabels(Map<String, String> labels, Map<String, String> environment) {
        sorted(environment).forEach((name, value) -> read(name, value, ENVIRONMENT));
        sorted(labels).forEach((name, value) -> read(name, value, ""));
    }

    /** What is said of this port, or else of the whole container. */
    Optional<Said> find(int port, String key) {
        Said own = byPort.getOrDefault(port, Map.of()).get(key);
        return Optional.ofNullable(own == null ? general.get(key) : own)
                .filter(said -> !said.value().isEmpty());
    }

    /** Whether anything of it is given a name. */
    boolean named() {
        return find(0, "name").isPresent()
                || byPort.keySet().stream().anyMatch(port -> find(port, "name").isPresent());
    }

    /** Every other key, in lower case: what Registrator calls attributes. */
    SortedMap<String, Said> attributes(int port) {
        SortedMap<String, Said> attributes = new TreeMap<>(general);
        attributes.putAll(byPort.getOrDefault(port, Map.of()));
        for (String known : new String[] {"name", "id", "tags", "ignore"}) {
            attributes.remove(known);
        }
        attributes.entrySet().removeIf(entry -> isSecret(entry.getKey(), entry.getValue()));
        return attributes;
    }

    private static boolean isSecret(String key, Said said) {
        return said.label().endsWith(ENVIRONMENT) && SECRET.matcher(key).matches();
    }

    private void read(String name, String value, String where) {
        if (!name.startsWith(PREFIX) || name.length() == PREFIX.length()) {
            return;
        }
        String key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        Matcher ofPort = OF_PORT.matcher(key);
        if (ofPort.matches()) {
            byPort.computeIfAbsent(Integer.parseInt(ofPort.group(1)), port -> new HashMap<>())
                    .put(ofPort.group(2), new Said(name + where, value, true));
        } else {
            general.put(key, new Said(name + where, value, false));
        }
    }

    /** Of two that differ in case only, the one in capitals comes last and counts. */
    private static SortedMap<String, String> sorted(Map<String, String> metadata) {
        SortedMap<String, String> sorted = new TreeMap<>(Comparator.reverseOrder());
        sorted.putAll(metadata);
        return sorted;
    }
}
