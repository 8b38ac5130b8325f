package dev.muster.registry;

import dev.muster.testkit.Histories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to the watchers of a group in whatever order, one at a time believes that it leads, and soon one does. */
final class ElectionHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(10_000, "registry");

    @Test
    void one_at_a_time_leads_and_soon_one_does_in_every_history() {
        HISTORIES.hold(seed -> new ElectionHistory(seed, WrongElection.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void an_election_that_is_wrong_is_noticed(WrongElection wrong) {
        HISTORIES.notice(seed -> new ElectionHistory(seed, wrong));
    }
}
