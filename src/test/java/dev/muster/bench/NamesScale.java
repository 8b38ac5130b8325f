package dev.muster.bench;

import dev.muster.provider.route53.MeasuredNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Names in Route 53: a thousand that change at once, and ten thousand that do not change. */
final class NamesScale {

    private static final int CHANGING = 1_000;
    private static final Duration REREAD = Duration.ofSeconds(60);

    private final boolean quick;

    NamesScale(boolean quick) {
        this.quick = quick;
    }

    List<Row> measure() throws Exception {
        List<Row> rows = new ArrayList<>();
        try (MeasuredNames names = new MeasuredNames(CHANGING)) {
            String scenario = "Route 53, %,d names change".formatted(CHANGING);
            MeasuredNames.Change change = names.change();
            rows.add(Row.of(scenario, "batches", change.batches(), ""));
            rows.add(new Row(scenario, "batches to the fewest", (double) change.batches() / change.fewest(), "x", 1.1));
            rows.add(Row.of(scenario, "calls", change.calls(), ""));
            rows.add(Row.of(scenario, "time", change.took().toMillis() / 1e3, "s"));
            rows.add(Row.of(
                    scenario,
                    "time over the rate's floor",
                    change.took().minus(change.floor()).toMillis() / 1e3,
                    "s"));
        }
        int steady = quick ? CHANGING : 10 * CHANGING;
        try (MeasuredNames names = new MeasuredNames(steady)) {
            rows.add(Row.of(
                    "Route 53, %,d names steady".formatted(steady),
                    "calls an hour",
                    (double) names.callsOfAnHour(REREAD),
                    ""));
        }
        return rows;
    }
}
