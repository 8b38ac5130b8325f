package dev.muster.model;

import java.util.Arrays;
import java.util.Locale;

/** {@code UP} serves; {@code DOWN} fails its check or is paused; {@code DRAINING} gets no new traffic and ends its running requests. */
public enum InstanceState {
    UP,
    DOWN,
    DRAINING;

    /** The form in keys: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming the value and what is allowed */
    public static InstanceState parse(String field, String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s '%s': allowed are up, down, draining".formatted(field, Name.printable(text))));
    }
}
