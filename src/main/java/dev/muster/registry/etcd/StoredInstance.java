package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.etcd.FieldsEntry.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is stored of one instance, in however many layouts: it counts once. An entry that names its owner goes before one
 * that does not, then {@code fields} before {@code json} before {@code presence}, which says the least.
 */
record StoredInstance(FieldsEntry fields, FieldsEntry json, FieldsEntry presence) {

    static final StoredInstance NONE = new StoredInstance(FieldsEntry.NONE, FieldsEntry.NONE, FieldsEntry.NONE);

    /** Its fields as they are stored, while changes come in. */
    static final class Touched {
        final StoredInstance before;
        final Map<String, Value> fields;
        final Map<String, Value> json;
        final Map<String, Value> presence;
        long revision;

        Touched(StoredInstance before) {
            this.before = before;
            this.fields = new HashMap<>(before.fields.fields());
            this.json = new HashMap<>(before.json.fields());
            this.presence = new HashMap<>(before.presence.fields());
        }

        boolean isEmpty() {
            return fields.isEmpty() && json.isEmpty() && presence.isEmpty();
        }
    }

    /**
     * What is stored now, after what was good before.
     *
     * @param ports by service: the port of an instance whose entry in the layout {@code presence} has none
     */
    static StoredInstance of(
            EtcdKeys keys, Map<String, Integer> ports, InstanceId id, Touched now, StoredInstance before) {
        Integer port = ports.get(id.service());
        Map<String, String> otherwise = port == null ? Map.of() : Map.of(FieldsLayout.PORT, port.toString());
        return new StoredInstance(
                FieldsEntry.of(keys.instance(id), id, now.fields, Map.of(), before.fields),
                FieldsEntry.of(EtcdKeys.entry(keys.prefix(), id), id, now.json, Map.of(), before.json),
                FieldsEntry.of(keys.presence(id), id, now.presence, otherwise, before.presence));
    }

    /** What it is an alias for is another instance's matter: a JSON object there says the same in other words. */
    StoredInstance orAlias(boolean isAlias) {
        return isAlias ? new StoredInstance(fields, FieldsEntry.NONE, presence) : this;
    }

    /** The newest meaning, null when it has none. */
    @Nullable
    Registration good() {
        return chosen().good();
    }

    /** Revision of the owner's write, 0 without an owner. */
    long ownerRevision() {
        return chosen().ownerRevision();
    }

    /** By key: what was set aside, and why. */
    SortedMap<String, String> reports() {
        if (json.reports().isEmpty() && presence.reports().isEmpty()) {
            return fields.reports();
        }
        SortedMap<String, String> reports = new TreeMap<>(presence.reports());
        reports.putAll(json.reports());
        reports.putAll(fields.reports());
        return reports;
    }

    /** The same, for comparing with a history whose revisions mean something else. */
    StoredInstance withoutRevisions() {
        return new StoredInstance(fields.withoutRevisions(), json.withoutRevisions(), presence.withoutRevisions());
    }

    private FieldsEntry chosen() {
        FieldsEntry unowned = null;
        for (FieldsEntry entry : List.of(fields, json, presence)) {
            Registration good = entry.good();
            if (good != null && !good.owner().isEmpty()) {
                return entry;
            }
            unowned = unowned == null && good != null ? entry : unowned;
        }
        return unowned == null ? fields : unowned;
    }
}
