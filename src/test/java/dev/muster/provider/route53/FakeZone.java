package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** One hosted zone as the documentation has it. Not thread-safe. */
final class FakeZone {

    /** One step of a request, {@code UPSERT} included, which others may use. */
    record Step(String action, RecordSet set) {}

    /** A request that is refused whole. */
    static final class Refusal extends Exception {
        final String code;

        Refusal(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    private static final Map<DnsName, String> FROM_THE_LAST = new ConcurrentHashMap<>();

    /**
     * By labels from the last to the first, then type and identifier.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html">Sort order</a>
     */
    private static final Comparator<RecordSet.Key> LISTED = Comparator.comparing(
                    (RecordSet.Key key) -> FROM_THE_LAST.computeIfAbsent(key.name(), FakeZone::fromTheLast))
            .thenComparing(RecordSet.Key::type)
            .thenComparing(RecordSet.Key::identifier);

    final Zone zone;
    private NavigableMap<RecordSet.Key, RecordSet> sets = new TreeMap<>(LISTED);
    private final FakeHealthChecks healthChecks;

    /** One of an account of its own. */
    FakeZone(Zone zone) {
        this(zone, new FakeHealthChecks());
    }

    /** @param healthChecks of the account */
    FakeZone(Zone zone, FakeHealthChecks healthChecks) {
        this.zone = zone;
        this.healthChecks = healthChecks;
        put(RecordSet.simple(zone.name(), "NS", 172800, List.of("ns-1.awsdns-01.org.", "ns-2.awsdns-02.net.")));
        put(RecordSet.simple(
                zone.name(),
                "SOA",
                900,
                List.of("ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")));
    }

    private static String fromTheLast(DnsName name) {
        List<String> labels = new ArrayList<>(Arrays.asList(name.escaped().split("\\.")));
        Collections.reverse(labels);
        return String.join(".", labels) + ".";
    }

    /** A person's hand. */
    void put(RecordSet set) {
        sets.put(set.key(), set);
    }

    /** There is one of this id in the account. */
    void healthCheck(String id) {
        healthChecks.put(id);
    }

    void remove(RecordSet.Key key) {
        sets.remove(key);
    }

    List<RecordSet> all() {
        return List.copyOf(sets.values());
    }

    /** So many of them, from the first that is not before this one. */
    List<RecordSet> from(RecordSet.Key start, int most) {
        return sets.tailMap(start, true).values().stream().limit(most).toList();
    }

    int size() {
        return sets.size();
    }

    /**
     * All steps, or none.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html">"Change
     *     Batches and Transactional Changes", "Limits"</a>
     */
    void change(List<Step> steps) throws Refusal {
        limits(steps);
        List<String> faults = new ArrayList<>();
        NavigableMap<RecordSet.Key, RecordSet> after = new TreeMap<>(sets);
        for (Step step : steps) {
            change(after, step, faults);
        }
        if (!faults.isEmpty()) {
            throw new Refusal("InvalidChangeBatch", "[" + String.join(", ", faults) + "]");
        }
        sets = after;
    }

    /** "A request cannot contain more than 1,000 ResourceRecord elements ... UPSERT ... counted twice"; characters likewise. */
    private static void limits(List<Step> steps) throws Refusal {
        int records = 0;
        int characters = 0;
        for (Step step : steps) {
            int times = step.action().equals("UPSERT") ? 2 : 1;
            records += times * step.set().values().size();
            characters += times * step.set().characters();
        }
        if (records > 1000) {
            throw new Refusal("InvalidChangeBatch", "[Number of records limit of 1000 exceeded.]");
        }
        if (characters > 32_000) {
            throw new Refusal("InvalidChangeBatch", "[RDATA character limit of 32000 exceeded.]");
        }
    }

    private void change(NavigableMap<RecordSet.Key, RecordSet> after, Step step, List<String> faults) throws Refusal {
        RecordSet set = step.set();
        String named = "resource record set [name='%s', type='%s']"
                .formatted(set.name().escaped(), set.type());
        faults.addAll(FakeValues.faults(set, zone.name()));
        faults.addAll(FakeKinds.faults(set));
        String check = set.routing().healthCheck();
        // "NoSuchHealthCheck: No health check exists with the specified ID." One that names a check that was deleted
        // can still
        // be deleted: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-deleting.html
        // tells how
        // to update such records afterwards.
        if (!check.isEmpty() && !step.action().equals("DELETE") && !healthChecks.has(check)) {
            throw new Refusal("NoSuchHealthCheck", "No health check found with ID: " + check);
        }
        switch (step.action()) {
            // "DELETE ... you must specify the same values": name, type, identifier, TTL and every value.
            case "DELETE" -> {
                RecordSet there = after.get(set.key());
                if (there == null) {
                    faults.add("Tried to delete %s but it was not found".formatted(named));
                } else if (!there.equals(set)) {
                    faults.add("Tried to delete %s but the values provided do not match the current values"
                            .formatted(named));
                } else {
                    after.remove(set.key());
                }
            }
            case "CREATE" -> {
                if (after.containsKey(set.key())) {
                    faults.add("Tried to create %s but it already exists".formatted(named));
                } else {
                    faults.addAll(FakeKinds.faults(set, others(after, set)));
                    after.put(set.key(), set);
                }
            }
            case "UPSERT" -> {
                faults.addAll(FakeKinds.faults(set, others(after, set)));
                after.put(set.key(), set);
            }
            default -> faults.add("no such action " + step.action());
        }
    }

    private static List<RecordSet> others(NavigableMap<RecordSet.Key, RecordSet> after, RecordSet set) {
        return after.values().stream()
                .filter(other -> other.name().equals(set.name()) && !other.key().equals(set.key()))
                .toList();
    }
}
