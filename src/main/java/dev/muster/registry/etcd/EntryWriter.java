package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import dev.muster.registry.RegistryException;
import dev.muster.registry.etcd.Layouts.Part;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes an instance in all its layouts, in one transaction that compares whatever it overwrites. */
final class EntryWriter {

    private static final int TRIES = 3;

    /**
     * What is replaced.
     *
     * @param key the one that carries the version
     * @param keys all that was written with it
     */
    record Footing(String key, long version, Set<String> keys) {}

    private final EtcdKeys keys;
    private final Layouts layouts;
    private final OwnedLayout layout;
    private final Transactions transactions;
    private final Contest contest;
    private final ForeignKeys foreignKeys;
    private final Map<InstanceId, Held> known = new HashMap<>();
    private final Map<InstanceId, Long> goodbyesSeen = new HashMap<>();

    EntryWriter(EtcdKeys keys, Layouts layouts, Transactions transactions, Contest contest, ForeignKeys foreignKeys) {
        this.keys = keys;
        this.layouts = layouts;
        this.layout = layouts.owned();
        this.transactions = transactions;
        this.contest = contest;
        this.foreignKeys = foreignKeys;
    }

    /** One write under way: what stood beside the entry when it was refused. */
    private static final class Attempt {
        private final Registration registration;
        private final Optional<Footing> base;
        private final long lease;
        private final Map<String, Long> found = new HashMap<>();
        private final Set<String> notOurs = new HashSet<>();
        private Optional<Cmp> takeBy = Optional.empty();
        private boolean replaces;

        private Attempt(Registration registration, Optional<Footing> base, long lease) {
            this.registration = registration;
            this.base = base;
            this.lease = lease;
            this.replaces = base.isPresent();
        }

        private Cmp unchanged(String key) {
            long before = base.filter(each -> each.keys.contains(key))
                    .map(Footing::version)
                    .orElse(0L);
            return Transactions.modified(key, found.getOrDefault(key, before));
        }
    }

    /** What is to be written and deleted. */
    private record Draft(SortedMap<String, String> entry, SortedMap<String, String> beside, Set<String> deletes) {}

    /**
     * @param base what is replaced; empty for a first write
     * @param beside what is known to stand beside the entry, and may be overwritten
     */
    Outcome write(Registration registration, Optional<Footing> base, Map<String, KeyValue> beside, long lease)
            throws RegistryException {
        InstanceId id = registration.id();
        Attempt attempt = new Attempt(registration, base, lease);
        beside.forEach((key, kv) -> attempt.found.put(key, kv.getModRevision()));
        for (int tries = 0; tries < TRIES; tries++) {
            Draft draft = draft(attempt);
            CrashPoint.PUBLISHING.reached();
            TxnResponse response = transactions.commit(
                    "publish " + id, conditions(attempt, draft), operations(attempt, draft), evidence(attempt, draft));
            if (response.isSucceeded()) {
                CrashPoint.PUBLISHED.reached();
                goodbyesSeen.remove(id);
                Set<String> written = new TreeSet<>(draft.entry.keySet());
                written.addAll(draft.beside.keySet());
                Held held = new Held(id, response.getHeader().getRevision(), Optional.of(registration), written);
                known.put(id, held);
                return new Outcome.Done(held);
            }
            Optional<Outcome> ended = refused(attempt, Transactions.read(response));
            if (ended.isPresent()) {
                return ended.get();
            }
        }
        return new Outcome.Stale();
    }

    /** What a later version of it replaces. */
    Footing footing(Held held) {
        return new Footing(layout.key(held.id()), held.version(), held.keys());
    }

    /** What a removal compares: the version, and whatever is deleted beside the entry. */
    List<Cmp> removalConditions(Held held) {
        List<Cmp> conditions = new ArrayList<>();
        conditions.add(Transactions.modified(layout.key(held.id()), held.version()));
        Set<String> beside = new TreeSet<>(held.keys());
        beside.removeAll(layout.possible(held.id()));
        beside.forEach(key -> conditions.add(Transactions.modified(key, held.version())));
        return conditions;
    }

    /** All that may stand there of an entry that is ours, by name. */
    List<Op> removal(Held held) {
        Set<String> all = new TreeSet<>(layout.possible(held.id()));
        all.addAll(held.keys());
        return deletes(all);
    }

    /** Should it be gone when everything is read back, it was us, though the answer may have been lost. */
    void leaves(InstanceId id) {
        known.remove(id);
    }

    /** It is gone, and said so at that revision. */
    void gone(InstanceId id, long revision) {
        known.remove(id);
        goodbyesSeen.put(id, revision);
    }

    /** What this process has written or found, by which a change by hand is told from a stranger's entry. */
    Map<InstanceId, Held> known() {
        return known;
    }

    /** After the lease is lost nothing of it holds. */
    void forget() {
        known.clear();
        goodbyesSeen.clear();
    }

    /** Whether a part may be written where something stands already; what may not is left alone. */
    boolean mayWrite(InstanceId id, Part part, Map<String, KeyValue> found, long lease, boolean wasOurs) {
        Set<String> others = new HashSet<>();
        known.forEach((other, held) -> {
            if (!other.equals(id)) {
                part.keys().keySet().stream().filter(held.keys()::contains).forEach(others::add);
            }
        });
        return foreignKeys.judge(id, part, found, lease, wasOurs, others);
    }

    private Draft draft(Attempt attempt) {
        InstanceId id = attempt.registration.id();
        SortedMap<String, String> entry = layout.write(attempt.registration);
        SortedMap<String, String> beside = new TreeMap<>();
        layouts.beside(attempt.registration).stream()
                .filter(part -> foreignKeys.isFree(id, part))
                .forEach(part -> beside.putAll(part.keys()));
        Set<String> deletes = new TreeSet<>(attempt.replaces ? layout.possible(id) : Set.of());
        attempt.base.ifPresent(base -> deletes.addAll(base.keys));
        deletes.removeAll(attempt.notOurs);
        deletes.removeAll(entry.keySet());
        deletes.removeAll(beside.keySet());
        return new Draft(entry, beside, deletes);
    }

    private List<Cmp> conditions(Attempt attempt, Draft draft) {
        InstanceId id = attempt.registration.id();
        List<Cmp> conditions = new ArrayList<>();
        attempt.base.ifPresent(base -> conditions.add(Transactions.modified(base.key, base.version)));
        attempt.takeBy.ifPresent(conditions::add);
        if (attempt.base.isEmpty()) {
            conditions.addAll(contest.noRival(attempt.registration));
        }
        boolean first = attempt.base.isEmpty() && attempt.takeBy.isEmpty();
        boolean moves =
                attempt.base.filter(base -> !base.key.equals(layout.key(id))).isPresent();
        if (first || moves) {
            layout.witnesses(id).forEach(key -> conditions.add(attempt.unchanged(key)));
        }
        if (first) {
            conditions.add(Transactions.modified(keys.gone(id), goodbyesSeen.getOrDefault(id, 0L)));
        }
        beside(attempt, draft).forEach(key -> conditions.add(attempt.unchanged(key)));
        return conditions;
    }

    /** Keys that the entry's version does not guard. */
    private Set<String> beside(Attempt attempt, Draft draft) {
        Set<String> beside = new TreeSet<>(draft.deletes);
        beside.removeAll(layout.possible(attempt.registration.id()));
        beside.addAll(draft.beside.keySet());
        return beside;
    }

    private List<Op> operations(Attempt attempt, Draft draft) {
        PutOption underLease = PutOption.builder().withLeaseId(attempt.lease).build();
        List<Op> operations = new ArrayList<>();
        draft.entry.forEach((key, value) -> operations.add(Op.put(bytes(key), bytes(value), underLease)));
        draft.beside.forEach((key, value) -> operations.add(Op.put(bytes(key), bytes(value), underLease)));
        operations.addAll(deletes(draft.deletes));
        operations.addAll(deletes(Set.of(keys.gone(attempt.registration.id()))));
        return operations;
    }

    private List<Op> evidence(Attempt attempt, Draft draft) {
        List<Op> evidence = new ArrayList<>(contest.evidence(attempt.registration));
        Set<String> more = new TreeSet<>(beside(attempt, draft));
        attempt.base.ifPresent(base -> more.add(base.key));
        more.forEach(key -> evidence.add(Op.get(bytes(key), GetOption.DEFAULT)));
        return evidence;
    }

    /** Learns from a refusal; empty where it is worth another try. */
    private Optional<Outcome> refused(Attempt attempt, SortedMap<String, KeyValue> found) throws RegistryException {
        InstanceId id = attempt.registration.id();
        if (attempt.base.isPresent()) {
            Footing base = attempt.base.get();
            if (modRevision(found, base.key) != base.version) {
                return Optional.of(new Outcome.Stale());
            }
        } else {
            Contest.Finding finding = contest.judge(attempt.registration, found);
            if (finding.outcome().isPresent()) {
                return finding.outcome();
            }
            attempt.takeBy = finding.takeBy();
            attempt.replaces = true;
            goodbyesSeen.put(id, finding.goodbyeRevision());
        }
        for (Part part : layouts.beside(attempt.registration)) {
            if (part.refusal().isEmpty()) {
                mayWrite(id, part, found, attempt.lease, attempt.base.isPresent());
                part.keys().keySet().forEach(key -> attempt.found.put(key, modRevision(found, key)));
            }
        }
        Set<String> before = new HashSet<>(attempt.base.map(Footing::keys).orElse(Set.of()));
        before.removeAll(layout.possible(id));
        for (String key : before) {
            attempt.found.put(key, modRevision(found, key));
            KeyValue kv = found.get(key);
            if (kv == null || kv.getLease() != attempt.lease) {
                attempt.notOurs.add(key);
            }
        }
        return Optional.empty();
    }

    private static long modRevision(Map<String, KeyValue> found, String key) {
        KeyValue kv = found.get(key);
        return kv == null ? 0 : kv.getModRevision();
    }

    private static List<Op> deletes(Set<String> keys) {
        return keys.stream()
                .map(key -> (Op) Op.delete(bytes(key), DeleteOption.DEFAULT))
                .toList();
    }
}
