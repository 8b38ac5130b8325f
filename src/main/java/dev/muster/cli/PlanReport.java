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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What would change, by the watchers' own records.
 *
 * @param targets by service, provider, watcher
 * @param unserved services with instances that no watcher has recorded, though watchers are there
 * @param watchers how many watchers are there
 * @param troubles by {@code provider of watcher}: why it cannot be brought in step
 */
record PlanReport(
        List<TargetReport> targets, NavigableSet<String> unserved, int watchers, SortedMap<String, String> troubles) {

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
        SortedMap<String, String> troubles = new TreeMap<>();
        watchers.forEach(watcher -> watcher.troubles()
                .forEach((provider, why) -> troubles.put("%s of watcher %s".formatted(provider, watcher.id()), why)));
        return new PlanReport(List.copyOf(targets), unserved, watchers.size(), troubles);
    }

    boolean inStep() {
        return unserved.isEmpty() && targets.stream().allMatch(TargetReport::inStep);
    }
}
