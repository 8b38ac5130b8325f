package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens to a fleet in whatever order, its watcher keeps to {@link FleetInvariants}.
 * {@code -Dmuster.seed=N} runs one history and prints it; {@code -Dmuster.histories=N} runs more of them.
 */
final class FleetHistoriesTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.muster.watcher");
    private static final long HISTORIES = Long.getLong("muster.histories", 10_000);

    /** Within so many histories each wrong watcher must be noticed. */
    private static final long SEEDS_PER_WRONG = 1_000;

    /** Ten thousand lives are a lot to read; one is not. */
    @BeforeAll
    static void quiet() {
        if (Long.getLong("muster.seed") == null) {
            LOG.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @Test
    void the_guard_keeps_its_word_in_every_history() {
        Long one = Long.getLong("muster.seed");
        if (one != null) {
            run(one);
        } else {
            LongStream.rangeClosed(1, HISTORIES).parallel().forEach(FleetHistoriesTest::run);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_watcher_that_is_wrong_is_noticed(WrongWatcher wrong) {
        OptionalLong noticed = LongStream.rangeClosed(1, SEEDS_PER_WRONG)
                .filter(seed -> isWrong(seed, wrong))
                .findFirst();
        assertThat(noticed).as("noticed within %d seeds", SEEDS_PER_WRONG).isPresent();
    }

    private static boolean isWrong(long seed, WrongWatcher wrong) {
        try {
            new FleetHistory(seed, wrong).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void run(long seed) {
        FleetHistory history = new FleetHistory(seed, WrongWatcher.NONE);
        try {
            history.run();
        } catch (AssertionError | RuntimeException e) {
            fail("seed %d (-Dmuster.seed=%d): %s".formatted(seed, seed, history), e);
        }
    }
}
