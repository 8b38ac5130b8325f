package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of one instance in one layout, as fields, and what it means.
 *
 * <p>With an {@code owner} it is the fields that share the owner field's revision, since owners write all of them in one
 * transaction; what was changed beside is odd, ignored and reported. Without one it is whatever is there, complete once
 * address and port are. An entry that turns bad keeps its last good value while its owner lives: while the owner still
 * names itself there, or something of that good write is still there, which its lease would have taken along.
 *
 * <p>What owners write says nothing that its meaning does not say: then the meaning alone is kept, which of very many
 * instances takes a quarter of the memory.
 *
 * @param odd the fields where they say more or less than {@code good}, or at other revisions; empty where they do not
 * @param good the newest meaning, which an entry that is bad by now may have had earlier; null when it has none
 * @param goodRevision revision of the owner's write that said so; 0 without an owner
 * @param ownerRevision revision of the owner field, 0 without one
 * @param reports by key: what was set aside, and why
 */
record FieldsEntry(
        Map<String, Value> odd,
        @Nullable Registration good,
        long goodRevision,
        long ownerRevision,
        SortedMap<String, String> reports) {

    /** One stored field. */
    record Value(String text, long revision) {

        /** What is too long for any field is kept too long, without keeping all of it. */
        static Value of(String text, long revision) {
            boolean tooLong = text.length() > FieldsLayout.MAX_JSON;
            return new Value(tooLong ? text.substring(0, FieldsLayout.MAX_JSON + 1) : text, revision);
        }
    }

    static final FieldsEntry NONE = new FieldsEntry(Map.of(), null, 0, 0, Collections.emptySortedMap());

    /** Whether nothing is stored. */
    boolean isEmpty() {
        return odd.isEmpty() && good == null;
    }

    /** What is stored, by field. */
    Map<String, Value> fields() {
        if (good == null || !odd.isEmpty()) {
            return odd;
        }
        Map<String, Value> fields = new HashMap<>();
        FieldsLayout.encode(good).forEach((name, text) -> fields.put(name, Value.of(text, goodRevision)));
        return fields;
    }

    /**
     * What the fields mean, after what they meant before.
     *
     * @param place the key that they stand in, or what theirs begin with; for reports
     * @param otherwise what fields say that are not there
     */
    static FieldsEntry of(
            String place, InstanceId id, Map<String, Value> fields, Map<String, String> otherwise, FieldsEntry before) {
        if (fields.isEmpty()) {
            return NONE;
        }
        Value owner = fields.get(FieldsLayout.OWNER);
        SortedMap<String, String> reports = new TreeMap<>();
        Map<String, String> whole = new HashMap<>();
        fields.forEach((name, value) -> {
            if (owner == null || value.revision() == owner.revision()) {
                whole.put(name, value.text());
            } else {
                reports.put(place + name, "changed beside its owner, ignored");
            }
        });
        boolean writtenTogether = owner != null && reports.isEmpty();
        otherwise.forEach(whole::putIfAbsent);
        long ownerRevision = owner == null ? 0 : owner.revision();
        try {
            Registration good = FieldsLayout.decode(id, whole);
            Registration kept = good.equals(before.good) ? before.good : good;
            boolean saysAll = writtenTogether
                    && whole.size() == fields.size()
                    && FieldsLayout.encode(good).equals(whole);
            return new FieldsEntry(
                    saysAll ? Map.of() : Map.copyOf(fields),
                    kept,
                    ownerRevision,
                    ownerRevision,
                    reports.isEmpty() ? Collections.emptySortedMap() : reports);
        } catch (IllegalArgumentException e) {
            boolean lives = before.good != null && ownerLives(owner, fields, before.good, before.goodRevision);
            String kept = lives ? "; its last good value stays while its owner lives" : "";
            reports.put(place, e.getMessage() + kept);
            return new FieldsEntry(
                    Map.copyOf(fields),
                    lives ? before.good : null,
                    lives ? before.goodRevision : 0,
                    ownerRevision,
                    reports);
        }
    }

    /** The same, for comparing with a history whose revisions mean something else. */
    FieldsEntry withoutRevisions() {
        return new FieldsEntry(odd, good, -1, -1, reports);
    }

    private static boolean ownerLives(
            @Nullable Value owner, Map<String, Value> fields, Registration good, long goodRevision) {
        if (good.owner().isEmpty()) {
            return false;
        }
        return (owner != null && owner.text().equals(good.owner()))
                || fields.values().stream().anyMatch(value -> value.revision() == goodRevision);
    }
}
