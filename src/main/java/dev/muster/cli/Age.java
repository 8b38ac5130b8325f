package dev.muster.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** How long ago something was, in the one unit that a person wants: {@code 5s}, {@code 12m}, {@code 3h}, {@code 4d}. */
final class Age {

    private Age() {}

    static String of(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }

    /** @param then an instant as RFC 3339 has it; anything else has no age, {@code -} */
    static String of(String then, Instant now) {
        try {
            return of(Instant.parse(then), now);
        } catch (DateTimeParseException e) {
            return "-";
        }
    }
}
