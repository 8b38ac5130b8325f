package dev.muster.provider.route53;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one zone holds, all of it. */
record ZoneView(Zone zone, SortedMap<RecordSet.Key, RecordSet> sets) {

    ZoneView {
        sets = Collections.unmodifiableSortedMap(sets);
    }

    static ZoneView of(Zone zone, Collection<RecordSet> all) {
        SortedMap<RecordSet.Key, RecordSet> sets = new TreeMap<>();
        all.forEach(set -> sets.put(set.key(), set));
        return new ZoneView(zone, sets);
    }

    /** The one and only set of that name and type, if it is a simple one. */
    Optional<RecordSet> simple(DnsName name, String type) {
        return Optional.ofNullable(sets.get(new RecordSet.Key(name, type, "")))
                .filter(RecordSet::isSimple)
                .filter(set -> all(name, type).size() == 1);
    }

    /** Every set of that name and type. */
    List<RecordSet> all(DnsName name, String type) {
        return List.copyOf(sets.subMap(
                        new RecordSet.Key(name, type, ""),
                        new RecordSet.Key(name, type, String.valueOf(Character.MAX_VALUE)))
                .values());
    }

    /** The ids of all health checks that its sets name. */
    Set<String> healthChecks() {
        return sets.values().stream()
                .map(set -> set.routing().healthCheck())
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }

    /**
     * For how long resolvers may remember that a name is not there, in seconds (RFC 2308, section 5): the lesser of the SOA
     * record's time to live and its last number.
     */
    long negativeTtlSeconds() {
        @Nullable RecordSet soa = sets.get(new RecordSet.Key(zone.name(), "SOA", ""));
        if (soa == null || soa.values().size() != 1) {
            return 0;
        }
        String[] numbers = soa.values().getFirst().strip().split("\\s+", -1);
        String minimum = numbers[numbers.length - 1];
        return minimum.matches("[0-9]{1,10}") ? Math.min(soa.ttlSeconds(), Long.parseLong(minimum)) : soa.ttlSeconds();
    }

    /** The same once this batch is done. */
    ZoneView after(Collection<RecordChange> changes) {
        SortedMap<RecordSet.Key, RecordSet> next = new TreeMap<>(sets);
        for (RecordChange change : changes) {
            switch (change.action()) {
                case DELETE -> next.remove(change.set().key());
                case CREATE -> next.put(change.set().key(), change.set());
            }
        }
        return new ZoneView(zone, next);
    }
}
