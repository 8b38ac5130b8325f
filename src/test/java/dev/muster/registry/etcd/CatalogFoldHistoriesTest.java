package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.Histories;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folding the watch up to revision r equals a read at r, over random histories of all that can stand under the prefix. */
class CatalogFoldHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(100_000);

    private static final int CUT_EVERYWHERE = 50;

    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    @Test
    void theFoldOfTheWatchEqualsARead() {
        HISTORIES.hold(seed -> new FoldHistory(seed, FoldFollower.Flaw.NONE, this::saw));
        assertThat(seen)
                .as("what the comparison is about did occur")
                .contains(
                        "registrations",
                        "goodbyes",
                        "settings",
                        "routes",
                        "rejected",
                        "kept though bad",
                        "in several layouts",
                        "rereads",
                        "restores");
    }

    @ParameterizedTest
    @EnumSource
    void aCutAfterAnyRevisionLosesNothing(FoldHistory.Cut cut) {
        for (long seed = 1; seed <= CUT_EVERYWHERE; seed++) {
            for (int step = 0; step < FoldHistory.STEPS; step++) {
                try {
                    new FoldHistory(seed, FoldFollower.Flaw.NONE, this::saw).run(step, cut);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", cut after step " + step, e);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFollowerThatIsWrongIsNoticed(FoldFollower.Flaw flaw) {
        HISTORIES.notice(seed -> new FoldHistory(seed, flaw, this::saw));
    }

    private void saw(String what, int more) {
        if (more > 0) {
            seen.add(what);
        }
    }
}
