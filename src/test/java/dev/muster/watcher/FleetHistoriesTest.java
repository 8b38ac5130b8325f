package dev.muster.watcher;

import dev.muster.testkit.Histories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a fleet in whatever order, its watcher keeps to {@link FleetInvariants}. */
final class FleetHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(10_000, "watcher");

    @Test
    void the_guard_keeps_its_word_in_every_history() {
        HISTORIES.hold(seed -> new FleetHistory(seed, WrongWatcher.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_watcher_that_is_wrong_is_noticed(WrongWatcher wrong) {
        HISTORIES.notice(seed -> new FleetHistory(seed, wrong));
    }
}
