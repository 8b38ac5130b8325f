package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T09:00:00Z",
                "2026-11-21T09:00:00.1Z",
                "2026-11-21T09:00:00.123456789Z",
                "2026-11-21T09:00:00.000000001Z",
                "2024-02-29T23:59:59.99Z",
                "2026-02-30T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-11-21T24:00:00Z",
                "2026-11-21T23:59:60Z",
                "2026-11-21T09:00:00.Z",
                "2026-11-21T09:00:00.1234567890Z",
                "2026-11-21T09:00:00+01:00",
                "2026-11-21T09:00:0\u0663Z",
                "2026-11-21 09:00:00Z",
                "2026-11-21T09:00:00",
                "Z",
                "",
                "yesterday"
            })
    void its_start_is_read_as_the_library_reads_it(String text) {
        assertThat(new Run("c1", text).started()).isEqualTo(byTheLibrary(text));
    }

    private static Instant byTheLibrary(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.MIN;
        }
    }
}
