package dev.muster.cli;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What would change, by the watchers' own records.
 *
 * @param targets by service, provider, watcher
 * @param unserved services with instances that no watcher has recorded, though watchers are there
 * @param watchers how many watchers are there
 */
record PlanReport(List<TargetReport> targets, NavigableSet<String> unserved, int watchers) {

    private static final Comparator<Applied> ORDER = Comparator.comparing(Applied::service)
            .thenComparing(Applied::provider)
            .thenComparing(Applied::watcher);

    /**
     * @param catalog read before the records, so that a record is never behind for having been read too early
     * @param service the only one that is asked for, or every one
     */
    static PlanReport of(
            Catalog catalog,
            List<Applied> records,
            List<Progress.Watcher> watchers,
            Optional<String> service,
            Instant now) {
        Set<String> present = Progress.names(watchers);
        List<TargetReport> targets = new ArrayList<>();
        records.stream()
                .filter(record -> service.map(record.service()::equals).orElse(true))
                .sorted(ORDER)
                .forEach(record ->
                        targets.add(TargetReport.of(record, present.contains(record.watcher()), catalog, now)));
        NavigableSet<String> unserved = new TreeSet<>();
        if (!watchers.isEmpty()) {
            catalog.registrations().values().stream()
                    .filter(registration -> registration.instance().protocol() != Protocol.UDP)
                    .map(registration -> registration.id().service())
                    .filter(name -> service.map(name::equals).orElse(true))
                    .forEach(unserved::add);
            records.forEach(record -> unserved.remove(record.service()));
        }
        return new PlanReport(List.copyOf(targets), unserved, watchers.size());
    }

    boolean inStep() {
        return unserved.isEmpty() && targets.stream().allMatch(TargetReport::inStep);
    }
}
