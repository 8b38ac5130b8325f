package dev.muster.provider.haproxy;

import dev.muster.model.Name;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What HAProxy says, made fit for one line of an error. */
final class Answers {

    private static final Pattern PREFIX = Pattern.compile("^\\[[A-Z]+]\\s*\\(\\d+\\)\\s*:\\s*(config : )?");

    private Answers() {}

    static String shortened(String text) {
        String line = text.strip().replaceAll("\\s*\\n\\s*", "; ");
        return line.isEmpty() ? "(no answer)" : Name.printable(line);
    }

    /** The first lines that say what is wrong, without times and process ids; all that was said where none does. */
    static String alerts(String output) {
        String alerts = eachAlert(output).stream().limit(3).collect(Collectors.joining("; "));
        String said = alerts.isEmpty() ? output.strip().replaceAll("\\s*\\n\\s*", "; ") : alerts;
        return said.length() <= 400 ? said : said.substring(0, 400) + "...";
    }

    /** Each that says what is wrong. */
    static List<String> eachAlert(String output) {
        return output.lines()
                .filter(line -> line.startsWith("[ALERT]"))
                .filter(line -> !line.contains("Error(s) found in configuration file")
                        && !line.contains("Fatal errors found in configuration")
                        && !line.contains("in logger #"))
                .map(line -> PREFIX.matcher(line).replaceFirst(""))
                .toList();
    }
}
