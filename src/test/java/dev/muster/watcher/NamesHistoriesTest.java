package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.muster.provider.route53.WrongNames;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens to two watchers of one group and to what they ask of Route 53, in whatever order, {@link NamesInvariants}
 * hold. {@code -Dmuster.seed=N} runs one history and prints it; {@code -Dmuster.histories=N} another number of them.
 */
final class NamesHistoriesTest {

    private static final List<Logger> LOGS = Stream.of("watcher", "provider", "reconcile")
            .map(name -> (Logger) LoggerFactory.getLogger("dev.muster." + name))
            .toList();
    private static final long HISTORIES = Long.getLong("muster.histories", 5_000);

    /** Within so many histories each wrong one must be noticed. */
    private static final long SEEDS_PER_WRONG = 1_000;

    @BeforeAll
    static void quiet() {
        if (Long.getLong("muster.seed") == null) {
            LOGS.forEach(log -> log.setLevel(Level.OFF));
        }
    }

    @AfterAll
    static void loud() {
        LOGS.forEach(log -> log.setLevel(null));
    }

    @Test
    void names_are_as_they_should_be_in_every_history() {
        Long one = Long.getLong("muster.seed");
        if (one != null) {
            run(one);
        } else {
            LongStream.rangeClosed(1, HISTORIES).parallel().forEach(NamesHistoriesTest::run);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whoever_is_wrong_is_noticed(WrongNames wrong) {
        OptionalLong noticed = LongStream.rangeClosed(1, SEEDS_PER_WRONG)
                .filter(seed -> isWrong(seed, wrong))
                .findFirst();
        assertThat(noticed).as("noticed within %d seeds", SEEDS_PER_WRONG).isPresent();
    }

    private static boolean isWrong(long seed, WrongNames wrong) {
        try {
            new NamesHistory(seed, wrong).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void run(long seed) {
        NamesHistory history = new NamesHistory(seed, WrongNames.NONE);
        try {
            history.run();
        } catch (AssertionError | RuntimeException e) {
            fail("seed %d (-Dmuster.seed=%d): %s".formatted(seed, seed, history), e);
        }
    }
}
