package dev.muster.registry;

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
 * Whatever happens to the watchers of a group in whatever order, one at a time believes that it leads, and soon one does.
 * {@code -Dmuster.seed=N} runs one history and prints it; {@code -Dmuster.histories=N} runs more of them.
 */
final class ElectionHistoriesTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.muster.registry");
    private static final long HISTORIES = Long.getLong("muster.histories", 10_000);

    /** Within so many histories each wrong election must be noticed. */
    private static final long SEEDS_PER_WRONG = 1_000;

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
    void one_at_a_time_leads_and_soon_one_does_in_every_history() {
        Long one = Long.getLong("muster.seed");
        if (one != null) {
            run(one);
        } else {
            LongStream.rangeClosed(1, HISTORIES).parallel().forEach(ElectionHistoriesTest::run);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void an_election_that_is_wrong_is_noticed(WrongElection wrong) {
        OptionalLong noticed = LongStream.rangeClosed(1, SEEDS_PER_WRONG)
                .filter(seed -> isWrong(seed, wrong))
                .findFirst();
        assertThat(noticed).as("noticed within %d seeds", SEEDS_PER_WRONG).isPresent();
    }

    private static boolean isWrong(long seed, WrongElection wrong) {
        try {
            new ElectionHistory(seed, wrong).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void run(long seed) {
        ElectionHistory history = new ElectionHistory(seed, WrongElection.NONE);
        try {
            history.run();
        } catch (AssertionError | RuntimeException e) {
            fail("seed %d (-Dmuster.seed=%d):%n%s".formatted(seed, seed, history), e);
        }
    }
}
