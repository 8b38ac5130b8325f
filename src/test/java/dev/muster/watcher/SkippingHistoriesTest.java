package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.Histories;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A watcher leaves out what it has no need to decide again. Whatever happens, it comes to the same as one to which every
 * service has changed at every look.
 */
final class SkippingHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(3_000, "watcher");

    @Test
    void what_is_left_out_makes_no_difference() {
        LongAdder skipped = new LongAdder();
        HISTORIES.hold(seed -> new TwinHistory(seed, skipped));
        assertThat(skipped.sum()).as("decisions that were left out").isPositive();
    }
}
