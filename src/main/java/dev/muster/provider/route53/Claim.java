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
     * @param unchecked identifiers of those of which nobody knows any more what health check they are to have
     * @param targets which its text tells
     */
    record Wish(Kind kind, List<RecordSet> sets, Set<String> unchecked, SortedMap<Target, TargetState> targets) {

        static final Wish NONE = new Wish(Kind.SIMPLE, List.of(), Set.of(), new TreeMap<>());

        /** What nobody knows of a set stays as it stands. */
        List<RecordSet> sets(List<RecordSet> now) {
            return sets.stream()
                    .map(set -> now.stream()
                            .filter(there -> unchecked.contains(set.identifier())
                                    && there.identifier().equals(set.identifier()))
                            .map(there -> set.checkedBy(there.routing().healthCheck()))
                            .findFirst()
                            .orElse(set))
                    .toList();
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
