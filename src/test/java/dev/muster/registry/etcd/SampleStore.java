package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A key-value store with etcd's revisions, its history and its compactions: enough of etcd for histories of a fold. */
final class SampleStore {

    /**
     * @param changes what its watchers get
     * @param state all that is there after it
     */
    private record Revision(List<KeyChange> changes, List<KeyChange> state) {}

    final EtcdKeys keys = new EtcdKeys("/services");
    private final SortedMap<String, KeyChange> present = new TreeMap<>();
    private final SortedMap<Long, Revision> history = new TreeMap<>(Map.of(1L, new Revision(List.of(), List.of())));
    private long revision = 1;
    private long compacted;

    long revision() {
        return revision;
    }

    /** A whole read. */
    List<KeyChange> read() {
        return read(revision);
    }

    /** A whole read of an earlier state, compacted or not: what nobody but a test can have. */
    List<KeyChange> read(long at) {
        return Objects.requireNonNull(history.get(at)).state();
    }

    /** What a watch from there brings, revision by revision; empty where the first of it is compacted. */
    Optional<List<List<KeyChange>>> watch(long from) {
        return from <= compacted
                ? Optional.empty()
                : Optional.of(history.tailMap(from).values().stream()
                        .map(Revision::changes)
                        .toList());
    }

    /** History up to there is gone. */
    void compact(long at) {
        compacted = Math.max(compacted, at);
    }

    /** Goes back to an earlier state, as after a restore: what is done next is another history. */
    void restore(long at) {
        List<KeyChange> state = read(at);
        history.tailMap(at + 1).clear();
        revision = at;
        compacted = Math.min(compacted, at);
        present.clear();
        state.forEach(key -> present.put(key.key(), key));
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
        List<KeyChange> changes = List.copyOf(transaction.changes.values());
        if (!changes.isEmpty()) {
            revision++;
            history.put(revision, new Revision(changes, List.copyOf(present.values())));
        }
        return changes;
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
