package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import dev.muster.registry.Term;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The watchers' records in etcd. A record that cannot be understood is reported and left out; one that cannot be read is an error. */
public final class EtcdProgress implements Progress {

    /** A third less than what etcd takes as one request by default. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int LEVELS = 3;

    private final Transactions transactions;
    private final OwnRecords own;
    private final Presence presence;

    /** By key, what is there as far as is known: written by us, or read. */
    private final Map<String, Stored> known = new HashMap<>();

    /** @param revision of the write that put it there */
    private record Stored(Applied record, long revision) {}

    /** @param ttl of the watcher's own lease */
    public EtcdProgress(EtcdConnection connection, Duration ttl, Time time) {
        this.transactions = new Transactions(connection, () -> {});
        this.own = new OwnRecords(connection);
        this.presence = new Presence(connection, ttl, time);
        connection.onReplaced(why -> forget());
    }

    @Override
    public void announce(Watcher watcher) throws RegistryException {
        presence.announce(EtcdKeys.watcher(Name.require("watcher", watcher.id())), AppliedJson.encode(watcher));
    }

    @Override
    public List<Watcher> watchers() throws RegistryException {
        return List.copyOf(
                own.read(EtcdKeys.watchers(), 1, (parts, text, revision) -> AppliedJson.decodeWatcher(parts[0], text))
                        .values());
    }

    @Override
    public List<Leader> leaders() throws RegistryException {
        return List.copyOf(own.read(EtcdKeys.leaders(), 1, (parts, text, revision) -> {
                    Seat.Occupant leader = LeaderRecord.decode(text, 0);
                    return new Leader(parts[0], leader.watcher(), leader.epoch());
                })
                .values());
    }

    @Override
    public List<Applied> records() throws RegistryException {
        Map<String, Stored> records = own.read(EtcdKeys.applied(), LEVELS, EtcdProgress::decode);
        replaceKnown(any -> true, records);
        return records(records);
    }

    /** Of those that are what they were when they were written or read, etcd tells no more than that. */
    @Override
    public List<Applied> records(String watcher) throws RegistryException {
        Predicate<String> wanted = key -> key.endsWith("/" + watcher);
        Map<String, Stored> records = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, Long> one : own.revisions(EtcdKeys.applied()).entrySet()) {
            String key = one.getKey();
            if (wanted.test(key)) {
                Stored stored = known(key);
                if (stored != null && stored.revision() == one.getValue()) {
                    records.put(key, stored);
                } else {
                    others.add(key);
                }
            }
        }
        records.putAll(own.read(EtcdKeys.applied(), others, LEVELS, EtcdProgress::decode));
        replaceKnown(wanted, records);
        return records(records);
    }

    private static Stored decode(String[] parts, String text, long revision) {
        return new Stored(AppliedJson.decode(parts[0], parts[1], parts[2], text), revision);
    }

    private static List<Applied> records(Map<String, Stored> stored) {
        return stored.values().stream().map(Stored::record).toList();
    }

    @Override
    public void write(Collection<Applied> records, Optional<Term> by) throws RegistryException {
        SortedMap<String, Applied> some = new TreeMap<>();
        List<Op> puts = new ArrayList<>();
        int bytes = 0;
        for (Applied record : records) {
            String key = EtcdKeys.applied(record.service(), record.provider(), record.watcher());
            if (isKnown(key, record)) {
                continue;
            }
            ByteSequence value = bytes(AppliedJson.encode(record));
            if (puts.size() == Transactions.MOST_OPERATIONS || bytes + value.size() > MOST_BYTES) {
                commit(some, puts, by);
                bytes = 0;
            }
            some.put(key, record);
            puts.add(Op.put(bytes(key), value, PutOption.DEFAULT));
            bytes += value.size();
        }
        commit(some, puts, by);
    }

    /** Writes and clears both. */
    private void commit(SortedMap<String, Applied> some, List<Op> puts, Optional<Term> by) throws RegistryException {
        if (puts.isEmpty()) {
            return;
        }
        synchronized (known) {
            // Until etcd has answered nobody knows which of them is there.
            known.keySet().removeAll(some.keySet());
        }
        String others = some.size() == 1 ? "" : " and %d others".formatted(some.size() - 1);
        long revision = commit("write " + some.firstKey() + others, puts, by);
        synchronized (known) {
            some.forEach((key, record) -> known.put(key, new Stored(record, revision)));
        }
        some.clear();
        puts.clear();
    }

    private @Nullable Stored known(String key) {
        synchronized (known) {
            return known.get(key);
        }
    }

    private boolean isKnown(String key, Applied record) {
        Stored stored = known(key);
        return stored != null && stored.record().equals(record);
    }

    private void replaceKnown(Predicate<String> which, Map<String, Stored> read) {
        synchronized (known) {
            known.keySet().removeIf(which);
            known.putAll(read);
        }
    }

    @Override
    public void delete(String service, String provider, String watcher, Optional<Term> by) throws RegistryException {
        String key = EtcdKeys.applied(service, provider, watcher);
        synchronized (known) {
            known.remove(key);
        }
        commit("delete " + key, List.of(Op.delete(bytes(key), DeleteOption.DEFAULT)), by);
    }

    /** @return the revision that it has made */
    private long commit(String what, List<Op> operations, Optional<Term> by) throws RegistryException {
        List<Cmp> conditions = by.map(term -> Transactions.modified(EtcdKeys.leader(term.group()), term.version()))
                .map(List::of)
                .orElse(List.of());
        TxnResponse answer = transactions.commit(what, conditions, operations, List.of());
        if (!answer.isSucceeded()) {
            throw new RegistryException("%s: this watcher no longer leads the group '%s'"
                    .formatted(what, by.map(Term::group).orElse("")));
        }
        return answer.getHeader().getRevision();
    }

    @Override
    public void close() {
        presence.close();
    }

    /** etcd's data was replaced: what was there need not be there. */
    private void forget() {
        synchronized (known) {
            known.clear();
        }
    }
}
