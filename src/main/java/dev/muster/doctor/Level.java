package dev.muster.doctor;

import java.util.Locale;

/** How much a finding matters. */
public enum Level {
    OK,
    /** It works, and deserves a look. */
    WARN,
    /** Something does not work. */
    FAIL;

    /** For instance {@code ok}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
