package dev.muster.config;

import java.time.Duration;

/** Durations as people write them: a whole number and a unit, {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
public final class Durations {

    static final String ALLOWED = "allowed is a whole number with a unit, such as 500ms, 10s, 5m or 1h";

    private Durations() {}

    /** @throws IllegalArgumentException saying what is allowed */
    public static Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        // Nine digits of hours fit into a Duration's milliseconds.
        if (digits == 0 || digits > 9) {
            throw new IllegalArgumentException(ALLOWED);
        }
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> throw new IllegalArgumentException(ALLOWED);
        };
    }

    /** In the largest unit that leaves no rest, so that {@link #parse} reads it back (milliseconds at the finest). */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }
}
