package dev.muster.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that a person may set: as a flag, as an environment variable or as a key of the file.
 *
 * @param name lower case with dashes; the flag without its dashes, and the key in the file
 * @param label what a value looks like, for people ({@code DURATION}); empty for a switch, which needs no value
 * @param defaultText the value, as it would be written, that stands where nothing is given; empty where there is none
 * @param parser reads a value; an IllegalArgumentException's message says what is allowed
 * @param description one or two lines for people, without a full stop
 */
public record Setting<T>(
        String name, String label, Optional<String> defaultText, Function<String, T> parser, String description) {

    /** A setting that always has a value. */
    public static <T> Setting<T> of(
            String name, String label, String defaultText, Function<String, T> parser, String description) {
        return new Setting<>(name, label, Optional.of(defaultText), parser, description);
    }

    /** A setting that may be left out. */
    public static <T> Setting<T> optional(String name, String label, Function<String, T> parser, String description) {
        return new Setting<>(name, label, Optional.empty(), parser, description);
    }

    /** A switch: off unless given. */
    public static Setting<Boolean> flag(String name, String description) {
        return new Setting<>(name, "", Optional.of("false"), Values::truth, description);
    }

    /** Whether it is a switch, which is on when it is given without a value. */
    public boolean isSwitch() {
        return label.isEmpty();
    }

    /** Whether it takes several values, with commas between; as a flag it may then be repeated. */
    public boolean isList() {
        return label.endsWith("...]");
    }

    /** {@code --etcd-endpoints}. */
    public String flag() {
        return "--" + name;
    }

    /** {@code MUSTER_ETCD_ENDPOINTS}. */
    public String variable() {
        return "MUSTER_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
