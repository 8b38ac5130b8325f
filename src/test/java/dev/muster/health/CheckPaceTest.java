package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckPaceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final CheckPace pace = new CheckPace(INTERVAL);

    @Test
    void untilItsFirstPassItIsAskedEvery5MsFor2SecondsThenEverMoreSeldomUpToTheInterval() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 411; i++) {
            pauses.add(pace.next(Verdict.UNDECIDED).toMillis());
        }
        assertThat(pauses.subList(0, 400)).containsOnly(5L);
        assertThat(pauses.subList(400, 411))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L, 2000L, 2000L, 2000L);
    }

    @Test
    void fromItsFirstPassOnItIsAskedAtTheIntervalWhateverComes() {
        pace.next(Verdict.UNDECIDED);
        assertThat(pace.next(Verdict.HEALTHY)).isEqualTo(INTERVAL);
        assertThat(pace.next(Verdict.HEALTHY)).isEqualTo(INTERVAL);
        assertThat(pace.next(Verdict.FAILING)).isEqualTo(INTERVAL);
    }

    @Test
    void whatNeverPassesIsAskedForEver() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.next(Verdict.FAILING)).isLessThanOrEqualTo(INTERVAL);
        }
    }

    @Test
    void anIntervalShorterThanTheEagerPauseIsKept() {
        assertThat(new CheckPace(Duration.ofMillis(1)).next(Verdict.UNDECIDED)).isEqualTo(Duration.ofMillis(1));
    }
}
