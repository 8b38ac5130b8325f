package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.AgentConfig.CheckConfig;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RiseFallTest {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Results are {@code +} (passes) and {@code -} (fails), one each step; verdicts are U, H, F after each of them. */
    @ParameterizedTest(name = "rise {0}, fall {1}, a look each {2} ms: {3} -> {4}")
    @CsvSource({
        // rise, fall, ms between looks, results, verdicts
        "1, 3, 2000, +,        H",
        "2, 3, 2000, ++,       UH",
        "2, 3, 2000, +-++,     UUUH",
        "1, 3, 2000, ---,      UUF",
        "1, 3, 2000, --+,      UUH",
        "1, 3, 2000, +--,      HHH",
        "1, 3, 2000, +---,     HHHF",
        "1, 3, 2000, +--+--,   HHHHHH",
        "1, 3, 2000, +---+,    HHHFH",
        "2, 3, 2000, ++---+,   UHHHFF",
        "2, 3, 2000, ++---++,  UHHHFFH",
        "1, 1, 2000, -,        F",
        "1, 1, 2000, +-+,      HFH",
        // quick looks at a start condemn nobody before fall intervals' worth of time
        "1, 3, 5,    -----,    UUUUU",
        "1, 3, 500,  ---------, UUUUUUUUF",
        "1, 3, 500,  --------+, UUUUUUUUH",
    })
    void verdictsFollowRowsOfEqualResults(int rise, int fall, long stepMillis, String results, String verdicts) {
        RiseFall judge = new RiseFall(new CheckConfig(INTERVAL, Duration.ofSeconds(1), rise, fall));
        StringBuilder seen = new StringBuilder();
        long now = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos(); // monotonic time may wrap around
        for (int i = 0; i < results.length(); i++) {
            boolean passed = results.charAt(i) == '+';
            seen.append(judge.observe(passed, now).name().charAt(0));
            now += Duration.ofMillis(stepMillis).toNanos();
        }
        assertThat(seen.toString()).isEqualTo(verdicts);
    }
}
