package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A key-value store with etcd's revisions: enough of etcd for histories of a fold. */
final class SampleStore {

    final EtcdKeys keys = new EtcdKeys("/services");
    private final SortedMap<String, KeyChange> present = new TreeMap<>();
    private long revision = 1;

    long revision() {
        return revision;
    }

    /** A whole read. */
    List<KeyChange> read() {
        return List.copyOf(present.values());
    }

    boolean has(String key) {
        return present.containsKey(key);
    }

    /** Keys below a prefix. */
    List<KeyChange> below(String prefix) {
        return present.values().stream()
                .filter(change -> change.key().startsWith(prefix))
                .toList();
    }

    /** One transaction; what its watchers get, empty when it changed nothing. */
    List<KeyChange> transaction(Consumer<Transaction> body) {
        Transaction transaction = new Transaction(revision + 1);
        body.accept(transaction);
        if (!transaction.changes.isEmpty()) {
            revision++;
        }
        return List.copyOf(transaction.changes.values());
    }

    final class Transaction {
        private final long at;
        private final Map<String, KeyChange> changes = new TreeMap<>();

        private Transaction(long at) {
            this.at = at;
        }

        void put(String key, String value) {
            KeyChange change = new KeyChange(key, value, at);
            present.put(key, change);
            changes.put(key, change);
        }

        void delete(String key) {
            if (present.remove(key) != null) {
                changes.put(key, new KeyChange(key, null, at));
            }
        }

        /** As an owner does: all fields, what vanished by name, and the goodbye. */
        void register(Registration registration) {
            InstanceId id = registration.id();
            Map<String, String> fields = FieldsLayout.encode(registration);
            for (KeyChange old : new ArrayList<>(below(keys.instance(id)))) {
                if (!fields.containsKey(old.key().substring(keys.instance(id).length()))) {
                    delete(old.key());
                }
            }
            fields.forEach((field, value) -> put(keys.field(id, field), value));
            delete(keys.gone(id));
        }

        /** Everything that was written at that revision: what a lease takes along. */
        void deleteWrittenAt(InstanceId id, long written) {
            below(keys.instance(id)).stream()
                    .filter(change -> change.revision() == written)
                    .forEach(change -> delete(change.key()));
        }
    }
}
