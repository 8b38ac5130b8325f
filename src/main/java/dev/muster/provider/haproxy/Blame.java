package dev.muster.provider.haproxy;

import dev.muster.provider.Isolation;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in HAProxy's own words the services that it complains of: by the line that it names, or by a certificate's file. */
final class Blame {

    private static final Pattern PEM = Pattern.compile("/([A-Za-z0-9._-]+)-[0-9a-f]{16}\\.pem");

    private final List<String> text;
    private final Pattern place;

    private Blame(String text, Path path) {
        this.text = text.lines().toList();
        this.place = Pattern.compile("\\[" + Pattern.quote(path.toString()) + ":([0-9]{1,9})]");
    }

    /**
     * @param output of {@code haproxy -c}
     * @param text what stands, or is to stand, at this path
     */
    static Isolation.Objection of(String output, String text, Path path) {
        Blame blame = new Blame(text, path);
        SortedMap<String, String> named = new TreeMap<>();
        for (String alert : Answers.eachAlert(output)) {
            String service = blame.service(alert);
            if (!service.isEmpty()) {
                named.putIfAbsent(service, alert);
            }
        }
        return new Isolation.Objection(Answers.alerts(output), named);
    }

    private String service(String alert) {
        Matcher pem = PEM.matcher(alert);
        if (pem.find()) {
            return pem.group(1);
        }
        Matcher line = place.matcher(alert);
        return line.find() ? at(Integer.parseInt(line.group(1))) : "";
    }

    /** The service that has this line, counted from 1; empty where it is nobody's. */
    private String at(int line) {
        for (String before : text.subList(0, Math.min(line, text.size())).reversed()) {
            String[] words = before.strip().split(" ", 3);
            if (before.startsWith("backend ")) {
                return words[1];
            }
            if (before.startsWith("    use_backend ") || before.startsWith("    default_backend ")) {
                return words[1];
            }
            if (!before.startsWith("    ") && !before.startsWith("#") && !before.isBlank()) {
                return "";
            }
        }
        return "";
    }
}
