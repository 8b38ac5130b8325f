package dev.muster.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * One run of one container: a restart under the same id is another run.
 *
 * @param containerId the engine's full id (64 hex digits with Docker)
 * @param startedAt the engine's {@code State.StartedAt}, kept as it was written (RFC 3339 with nanoseconds)
 */
public record Run(String containerId, String startedAt) {

    private static final String PLAIN = "0000-00-00T00:00:00";

    /** When it started; {@link Instant#MIN} where its text is no time, as with an entry of a program that says no start. */
    public Instant started() {
        try {
            return isPlain() ? plain() : Instant.parse(startedAt);
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }

    /** {@code 2026-01-01T00:00:00.123Z}: the library takes very long to read it, and a change reads all of its service. */
    private boolean isPlain() {
        int length = startedAt.length();
        if (length < PLAIN.length() + 1 || length > PLAIN.length() + 11 || startedAt.charAt(length - 1) != 'Z') {
            return false;
        }
        for (int i = 0; i < length - 1; i++) {
            char wanted = i < PLAIN.length() ? PLAIN.charAt(i) : i == PLAIN.length() ? '.' : '0';
            char c = startedAt.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return number(11, 2) < 24 && number(17, 2) < 60; // midnight's end and leap seconds are the library's to read
    }

    private Instant plain() {
        int fraction = startedAt.length() - PLAIN.length() - 2;
        int nanos = fraction <= 0 ? 0 : number(PLAIN.length() + 1, fraction);
        for (int digits = Math.max(fraction, 0); digits < 9; digits++) {
            nanos *= 10;
        }
        return LocalDateTime.of(
                        number(0, 4), number(5, 2), number(8, 2), number(11, 2), number(14, 2), number(17, 2), nanos)
                .toInstant(ZoneOffset.UTC);
    }

    private int number(int from, int digits) {
        return Integer.parseInt(startedAt, from, from + digits, 10);
    }

    /** {@code containerId@startedAt}. */
    @Override
    public String toString() {
        return containerId + "@" + startedAt;
    }
}
