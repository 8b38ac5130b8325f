package dev.muster.provider.route53;

import dev.muster.model.Target;
import dev.muster.plan.TargetState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one service asks for at one name.
 *
 * @param keeps whether everything stays there as it stands
 * @param byLabel whether nobody has set its name
 * @param outlives whether it stays too when nothing asks for it any more
 * @param wishes by type; of another type there is to be nothing
 */
record Claim(String service, DnsName name, boolean keeps, boolean byLabel, boolean outlives, Map<String, Wish> wishes) {

    /**
     * Of one type.
     *
     * @param kind of its sets
     * @param sets empty where there is to be none
     * @param endpoints by identifier, what the health check asks that is made for a set and that it does not name yet
     * @param unknown what nobody knows all of any more: the identifiers of sets that may have a health check; the port and
     *     name to which an SRV record leads
     * @param targets which its text tells
     */
    record Wish(
            Kind kind,
            List<RecordSet> sets,
            SortedMap<String, CheckedEndpoint> endpoints,
            Set<String> unknown,
            SortedMap<Target, TargetState> targets) {

        static final Wish NONE = simple(List.of(), Set.of(), new TreeMap<>());

        /** One set of all values, which no health check goes with. */
        static Wish simple(List<RecordSet> sets, Set<String> unknown, SortedMap<Target, TargetState> targets) {
            return new Wish(Kind.SIMPLE, sets, new TreeMap<>(), unknown, targets);
        }

        /** What nobody knows of a set stays as it stands. */
        List<RecordSet> sets(List<RecordSet> now) {
            if (unknown.isEmpty()) {
                return sets;
            }
            return sets.stream()
                    .map(set -> now.stream()
                            .filter(there -> there.key().equals(set.key()))
                            .map(there -> asItStands(set, there))
                            .findFirst()
                            .orElse(set))
                    .toList();
        }

        private RecordSet asItStands(RecordSet set, RecordSet there) {
            List<String> values = set.values().stream()
                    .map(value -> there.values().stream()
                            .filter(old -> unknown.contains(leadsTo(value))
                                    && leadsTo(old).equals(leadsTo(value)))
                            .findFirst()
                            .orElse(value))
                    .toList();
            return set.withValues(values)
                    .checkedBy(
                            unknown.contains(set.identifier())
                                    ? there.routing().healthCheck()
                                    : set.routing().healthCheck());
        }

        /** Of an SRV record, without its priority and its weight. */
        private static String leadsTo(String value) {
            return value.replaceFirst("^\\d+ \\d+ ", "");
        }
    }

    Wish wish(String type) {
        return wishes.getOrDefault(type, Wish.NONE);
    }

    /** The same service's at the same name. */
    Claim and(Claim other) {
        Map<String, Wish> both = new TreeMap<>(wishes);
        both.putAll(other.wishes);
        return new Claim(service, name, keeps, byLabel, outlives, both);
    }
}
