package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.model.ServiceSettings;
import java.util.SortedMap;

/** A service's settings for programs: what is secret is not shown, and what is refused says why. */
final class SettingsJson {

    private static final String SECRET = "(set, not shown)";

    private SettingsJson() {}

    static void put(ObjectNode object, SortedMap<String, String> settings) {
        ObjectNode shown = object.putObject("settings");
        settings.forEach((name, value) -> shown.put(name, shown(name, value)));
        ObjectNode refused = object.putObject("refused");
        ServiceSettings.faults(settings).forEach(refused::put);
    }

    /** The value as anybody may see it. */
    static String shown(String name, String value) {
        boolean secret =
                ServiceSettings.find(name).map(setting -> setting.secret()).orElse(false);
        return secret ? SECRET : value;
    }
}
