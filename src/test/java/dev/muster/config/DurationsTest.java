package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms, 500", "0ms, 0", "10s, 10000", "5m, 300000", "2h, 7200000", "999999999ms, 999999999"})
    void aNumberWithAUnitIsRead(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "10sec", "1m30s", "9999999999s", "٣s"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("allowed is a whole number with a unit, such as 500ms, 10s, 5m or 1h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "1s", "90s", "5m", "61m", "1h", "0ms"})
    void whatIsWrittenIsReadBack(String text) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }

    @Test
    void theLargestUnitThatLeavesNoRestIsWritten() {
        assertThat(Durations.format(Durations.parse("300s"))).isEqualTo("5m");
        assertThat(Durations.format(Durations.parse("120m"))).isEqualTo("2h");
    }
}
