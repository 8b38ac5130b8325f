package dev.muster.watcher;

import dev.muster.provider.route53.WrongNames;
import dev.muster.testkit.Histories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to two watchers of one group and to what they ask of Route 53, in whatever order, {@link NamesInvariants} hold. */
final class NamesHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(5_000, "watcher", "provider", "reconcile");

    @Test
    void names_are_as_they_should_be_in_every_history() {
        HISTORIES.hold(seed -> new NamesHistory(seed, WrongNames.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whoever_is_wrong_is_noticed(WrongNames wrong) {
        HISTORIES.notice(seed -> new NamesHistory(seed, wrong));
    }
}
