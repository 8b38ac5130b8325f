package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A watcher leaves out what it has no need to decide again. Whatever happens, it comes to the same as one to which every
 * service has changed at every look. {@code -Dmuster.seed=N} runs one history and says what happened.
 */
final class SkippingHistoriesTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.muster.watcher");
    private static final long HISTORIES = 3_000;

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @Test
    void what_is_left_out_makes_no_difference() {
        Long one = Long.getLong("muster.seed");
        LongStream seeds = one == null ? LongStream.rangeClosed(1, HISTORIES) : LongStream.of(one);
        long skipped = seeds.parallel().map(SkippingHistoriesTest::run).sum();
        assertThat(skipped).as("decisions that were left out").isGreaterThan(one == null ? HISTORIES : 0);
    }

    private static long run(long seed) {
        TwinHistory history = new TwinHistory(seed);
        try {
            return history.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed %d (-Dmuster.seed=%d): %s".formatted(seed, seed, history), e);
        }
    }
}
