package dev.muster.model;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A systemd unit, by its name (systemd.unit(5)), and what the container and the instance that it runs are called where
 * nobody says otherwise: {@code web@01.service} runs the container {@code web-01}, which is the instance {@code web01}.
 *
 * @param name with its type; {@code .service} is added where it has none, as systemctl does
 */
public record UnitName(String name) {

    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,255}");
    private static final String SERVICE = ".service";
    private static final Set<String> TYPES = Set.of(
            SERVICE,
            ".scope",
            ".slice",
            ".socket",
            ".target",
            ".timer",
            ".mount",
            ".automount",
            ".swap",
            ".path",
            ".device");

    public UnitName {
        name = TYPES.stream().anyMatch(name::endsWith) ? name : name + SERVICE;
        String stem = stem(name);
        if (!isWritten(name) || stem.isEmpty() || stem.startsWith("@") || stem.endsWith("@")) {
            throw new IllegalArgumentException("unit '%s': allowed is a systemd unit's name, such as web@01.service"
                    .formatted(Name.printable(name)));
        }
    }

    /** Whether a text has only the characters of a unit's name, and no more than it may have. */
    public static boolean isWritten(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** The name of its container: {@code web-01}. */
    public String container() {
        return stem(name).replace('@', '-');
    }

    /** The instance that its container is: {@code web01}. */
    public String instance() {
        return stem(name).replace("@", "");
    }

    @Override
    public String toString() {
        return name;
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
