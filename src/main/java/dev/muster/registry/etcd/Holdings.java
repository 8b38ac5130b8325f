package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.etcd.FieldsEntry.Value;
import dev.muster.registry.etcd.Layouts.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the keys under an owner's lease mean: its entries, whole or not, and keys that belong to none.
 *
 * @param entries by instance
 * @param orphans keys of an entry whose owner is gone from it, and their mod revisions, by instance
 * @param loose all other keys, and their mod revisions: a layout given up, a change by hand
 */
record Holdings(
        SortedMap<InstanceId, Entry> entries,
        SortedMap<InstanceId, SortedMap<String, Long>> orphans,
        SortedMap<String, Long> loose) {

    /**
     * One instance.
     *
     * @param layout where its owner stands, perhaps no longer the one that is written
     * @param registration empty where the entry is not what an owner writes
     * @param damage what is wrong with it then
     * @param keys of the entry, and those beside it that are as they should be
     * @param amiss what should stand beside it and does not, or not as it should
     */
    record Entry(
            InstanceId id,
            OwnedLayout layout,
            long version,
            Optional<Registration> registration,
            String damage,
            SortedSet<String> keys,
            List<Part> amiss) {

        Held held() {
            return new Held(id, version, registration, keys);
        }
    }

    static Holdings of(Layouts layouts, String owner, SortedMap<String, Value> stored) {
        SortedMap<InstanceId, Entry> entries = new TreeMap<>();
        SortedMap<InstanceId, SortedMap<String, Long>> orphans = new TreeMap<>();
        SortedMap<String, Value> rest = new TreeMap<>(stored);
        for (OwnedLayout layout : layouts.everyOwned()) {
            for (var group : groups(layout, rest).entrySet()) {
                InstanceId id = group.getKey();
                if (entries.containsKey(id)) {
                    continue; // whatever this is, it is of a layout given up
                }
                SortedMap<String, Value> values = group.getValue();
                Value key = values.get(layout.key(id));
                if (key == null) {
                    orphans.put(id, revisions(values));
                    continue;
                }
                entry(layouts, layout, id, owner, key.revision(), values, rest).ifPresent(entry -> {
                    entries.put(id, entry);
                    rest.keySet().removeAll(entry.keys());
                });
            }
        }
        orphans.keySet().removeAll(entries.keySet());
        orphans.values().forEach(keys -> rest.keySet().removeAll(keys.keySet()));
        return new Holdings(entries, orphans, revisions(rest));
    }

    private static SortedMap<String, Long> revisions(SortedMap<String, Value> values) {
        SortedMap<String, Long> revisions = new TreeMap<>();
        values.forEach((key, value) -> revisions.put(key, value.revision()));
        return revisions;
    }

    private static SortedMap<InstanceId, SortedMap<String, Value>> groups(
            OwnedLayout layout, SortedMap<String, Value> keys) {
        SortedMap<InstanceId, SortedMap<String, Value>> groups = new TreeMap<>();
        keys.forEach((key, value) -> layout.idOf(key)
                .ifPresent(id ->
                        groups.computeIfAbsent(id, none -> new TreeMap<>()).put(key, value)));
        return groups;
    }

    private static Optional<Entry> entry(
            Layouts layouts,
            OwnedLayout layout,
            InstanceId id,
            String owner,
            long version,
            SortedMap<String, Value> values,
            SortedMap<String, Value> all) {
        Map<String, String> texts = new HashMap<>();
        values.forEach((key, value) -> texts.put(key, value.text()));
        SortedMap<String, String> fields = layout.fields(id, texts);
        if (!owner.equals(fields.get(FieldsLayout.OWNER))) {
            return Optional.empty(); // the publication that follows finds out whose it is
        }
        boolean together = values.values().stream().allMatch(value -> value.revision() == version);
        boolean today = layout.equals(layouts.owned());
        Optional<Registration> registration = Optional.empty();
        String damage = "its fields were not written together";
        if (together) {
            try {
                Registration decoded = FieldsLayout.decode(id, fields);
                boolean whole = !today || layout.write(decoded).equals(texts);
                damage = whole ? "" : "fields are missing, or are there that nobody wrote";
                registration = whole ? Optional.of(decoded) : Optional.empty();
            } catch (IllegalArgumentException e) {
                damage = String.valueOf(e.getMessage());
            }
        }
        if (registration.isEmpty() && !today) {
            return Optional.empty();
        }
        SortedSet<String> keys = new TreeSet<>(values.keySet());
        List<Part> amiss = new ArrayList<>();
        registration.map(layouts::beside).orElse(List.of()).stream()
                .filter(part -> part.refusal().isEmpty())
                .forEach(part -> {
                    Set<String> right = right(part, version, all);
                    keys.addAll(right);
                    if (!right.equals(part.keys().keySet())) {
                        amiss.add(part);
                    }
                });
        return Optional.of(new Entry(id, layout, version, registration, damage, keys, amiss));
    }

    /** Those that were written together with the entry, and are as they should be. */
    private static Set<String> right(Part part, long version, SortedMap<String, Value> all) {
        Set<String> right = new TreeSet<>();
        part.keys().forEach((key, text) -> {
            if (new Value(text, version).equals(all.get(key))) {
                right.add(key);
            }
        });
        return right;
    }
}
