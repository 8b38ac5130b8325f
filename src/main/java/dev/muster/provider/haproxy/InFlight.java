package dev.muster.provider.haproxy;

import dev.muster.model.Target;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Sums up over workers what is under way at the targets that were asked for. */
final class InFlight {

    private final SortedMap<String, SortedMap<Target, Integer>> counted = new TreeMap<>();

    InFlight(SortedMap<String, SortedSet<Target>> targets) {
        targets.forEach((service, some) -> {
            SortedMap<Target, Integer> none = new TreeMap<>();
            some.forEach(target -> none.put(target, 0));
            counted.put(service, none);
        });
    }

    /** Two servers on one target, an instance and its successor, count together. */
    void add(List<SessionRow> rows) {
        for (SessionRow row : rows) {
            Optional.ofNullable(counted.get(row.backend()))
                    .ifPresent(targets -> ServerName.parse(row.server())
                            .ifPresent(name -> targets.computeIfPresent(
                                    name.target(), (target, before) -> before + row.sessions())));
        }
    }

    SortedMap<String, SortedMap<Target, Integer>> counted() {
        return counted;
    }
}
