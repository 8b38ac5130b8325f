package dev.muster.model;

import java.util.Arrays;
import java.util.Locale;

/** What an instance speaks on its port. HTTP is the default. */
public enum Protocol {
    HTTP,
    TCP,
    UDP;

    /** The form in keys, labels and flags: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming the value and what is allowed */
    public static Protocol parse(String field, String text) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s '%s': allowed are http, tcp, udp".formatted(field, Name.printable(text))));
    }
}
