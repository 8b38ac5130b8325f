package dev.muster.provider.route53;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Records of one name and type that stand and go together. The order of values says nothing.
 *
 * @param type {@code A}, {@code TXT}, ...
 * @param identifier tells sets of one name and type apart; empty for a simple one
 * @param ttlSeconds 0 to 2147483647; 0 for an alias
 * @param values as Route 53 has them: texts with their quotes
 * @param routing how it is more than a simple set
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">ResourceRecordSet</a>
 */
record RecordSet(DnsName name, String type, String identifier, long ttlSeconds, List<String> values, Routing routing) {

    /** What tells it from all others of its zone. */
    record Key(DnsName name, String type, String identifier) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::name).thenComparing(Key::type).thenComparing(Key::identifier);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    RecordSet {
        values = values.stream().sorted().toList();
    }

    static RecordSet simple(DnsName name, String type, long ttlSeconds, List<String> values) {
        return new RecordSet(name, type, "", ttlSeconds, values, Routing.SIMPLE);
    }

    /** The same with another health check, or with none. */
    RecordSet checkedBy(String healthCheck) {
        return new RecordSet(name, type, identifier, ttlSeconds, values, routing.with(healthCheck));
    }

    RecordSet withValues(List<String> others) {
        return new RecordSet(name, type, identifier, ttlSeconds, others, routing);
    }

    Key key() {
        return new Key(name, type, identifier);
    }

    boolean isSimple() {
        return Kind.of(this).equals(Optional.of(Kind.SIMPLE));
    }

    /** Whether everything that there is to it is told here: only then can it be deleted, or put back, exactly as it is. */
    boolean isWhole() {
        return routing.other().isEmpty();
    }

    /** What a batch's limit on values counts, and one for an alias, of which the limit says nothing. */
    int records() {
        return Math.max(1, values.size());
    }

    /** What a batch's limit on characters counts. */
    int characters() {
        return values.stream().mapToInt(String::length).sum();
    }

    /** For people: what it leads to. */
    String words() {
        return (String.join(", ", values) + " " + routing.words()).strip();
    }
}
