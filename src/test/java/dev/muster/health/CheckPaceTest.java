package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.AgentConfig.CheckConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckPaceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final CheckPace pace = new CheckPace(INTERVAL);

    @Test
    void untilItsFirstPassItIsAskedEvery5MsFor2SecondsThenEverMoreSeldomUpToTheInterval() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 411; i++) {
            pauses.add(pace.next(Verdict.UNDECIDED, false).toMillis());
        }
        assertThat(pauses.subList(0, 400)).containsOnly(5L);
        assertThat(pauses.subList(400, 411))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L, 2000L, 2000L, 2000L);
    }

    @Test
    void fromItsFirstPassOnItIsAskedAtTheIntervalAndFourTimesAsOftenFromAFailureToItsVerdict() {
        assertThat(pace.next(Verdict.UNDECIDED, false)).isLessThan(INTERVAL);
        assertThat(pace.next(Verdict.HEALTHY, true)).isEqualTo(INTERVAL);
        assertThat(pace.next(Verdict.HEALTHY, false)).isEqualTo(INTERVAL.dividedBy(4));
        assertThat(pace.next(Verdict.HEALTHY, false)).isEqualTo(INTERVAL.dividedBy(4));
        assertThat(pace.next(Verdict.HEALTHY, true)).isEqualTo(INTERVAL);
        assertThat(pace.next(Verdict.FAILING, false)).isEqualTo(INTERVAL);
    }

    /** For ten minutes each, with checks and toggles that are late by up to 20 ms, as on a busy machine. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 1_500, 1_990, 2_000, 2_010, 2_500, 3_000})
    void whatListensAndDoesNotInTurnIsNeverTakenForFailing(int eachMillis) {
        Random late = new Random(eachMillis);
        RiseFall judge = new RiseFall(new CheckConfig(INTERVAL, Duration.ofSeconds(1), 1, 3));
        boolean listens = true;
        long nowMillis = 0;
        long toggleMillis = eachMillis;
        while (nowMillis < 600_000) {
            for (; toggleMillis <= nowMillis; toggleMillis += eachMillis + late.nextInt(20)) {
                listens = !listens;
            }
            Verdict verdict = judge.observe(listens, nowMillis * 1_000_000);
            assertThat(verdict).as("after %s ms", nowMillis).isEqualTo(Verdict.HEALTHY);
            nowMillis += pace.next(verdict, listens).toMillis() + late.nextInt(20);
        }
    }

    @Test
    void whatNeverPassesIsAskedForEver() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.next(Verdict.FAILING, false)).isLessThanOrEqualTo(INTERVAL);
        }
    }

    @Test
    void anIntervalShorterThanTheEagerPauseIsKept() {
        assertThat(new CheckPace(Duration.ofMillis(1)).next(Verdict.UNDECIDED, false))
                .isEqualTo(Duration.ofMillis(1));
    }
}
