package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Folding the watch up to revision r equals a read at r, over random histories of all that can stand under the prefix.
 * {@code -Dmuster.seed=N} begins with that one, {@code -Dmuster.histories=N} runs so many.
 */
class CatalogFoldHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("muster.histories", 100_000);
    private static final long SEED = Long.getLong("muster.seed", System.nanoTime());

    /** Within so many histories each flaw must be noticed: so rare may what it takes be. */
    private static final int HISTORIES_PER_FLAW = 1_000;

    private static final int HISTORIES_CUT_EVERYWHERE = 50;

    private final Map<String, LongAdder> seen = new ConcurrentHashMap<>();

    @Test
    void theFoldOfTheWatchEqualsARead() {
        System.out.println("CatalogFoldHistoriesTest: -Dmuster.seed=" + SEED);
        LongStream.range(SEED, SEED + HISTORIES).parallel().forEach(seed -> {
            try {
                count(new FoldHistory(seed, FoldFollower.Flaw.NONE).run());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dmuster.histories=1 -Dmuster.seed=" + seed, e);
            }
        });
        // All that the comparison is about did occur, or it proves nothing.
        occurred("registrations", HISTORIES);
        occurred("goodbyes", HISTORIES);
        occurred("settings", HISTORIES);
        occurred("routes", HISTORIES);
        occurred("rejected", HISTORIES);
        occurred("kept though bad", HISTORIES / 20);
        occurred("in several layouts", HISTORIES);
        occurred("rereads", HISTORIES / 4);
        occurred("restores", HISTORIES / 20);
    }

    @ParameterizedTest
    @EnumSource
    void aCutAfterAnyRevisionLosesNothing(FoldHistory.Cut cut) {
        for (long seed = SEED; seed < SEED + HISTORIES_CUT_EVERYWHERE; seed++) {
            for (int step = 0; step < FoldHistory.STEPS; step++) {
                try {
                    new FoldHistory(seed, FoldFollower.Flaw.NONE).run(step, cut);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("-Dmuster.seed=" + seed + ", cut after step " + step, e);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFollowerThatIsWrongIsNoticed(FoldFollower.Flaw flaw) {
        OptionalLong noticed = LongStream.range(SEED, SEED + HISTORIES_PER_FLAW)
                .filter(seed -> isWrong(seed, flaw))
                .findFirst();
        assertThat(noticed)
                .as("noticed within %d histories, -Dmuster.seed=%d", HISTORIES_PER_FLAW, SEED)
                .isPresent();
    }

    private static boolean isWrong(long seed, FoldFollower.Flaw flaw) {
        try {
            new FoldHistory(seed, flaw).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private void count(Map<String, Integer> occurred) {
        occurred.forEach((what, count) ->
                seen.computeIfAbsent(what, none -> new LongAdder()).add(count));
    }

    private void occurred(String what, int more) {
        assertThat(seen.getOrDefault(what, new LongAdder()).sum()).as(what).isGreaterThan(more);
    }
}
