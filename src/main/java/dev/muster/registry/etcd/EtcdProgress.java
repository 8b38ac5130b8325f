package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import dev.muster.registry.Term;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The watchers' records in etcd. A record that cannot be understood is reported and left out; one that cannot be read is an error. */
public final class EtcdProgress implements Progress {

    private final EtcdConnection connection;
    private final OwnRecords own;
    private final Presence presence;

    /** By key, what is there as far as is known: written by us, or read. */
    private final Map<String, Applied> known = new HashMap<>();

    /** @param ttl of the watcher's own lease */
    public EtcdProgress(EtcdConnection connection, Duration ttl, Time time) {
        this.connection = connection;
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
        Map<String, Applied> records = own.read(
                EtcdKeys.applied(),
                3,
                (parts, text, revision) -> AppliedJson.decode(parts[0], parts[1], parts[2], text));
        synchronized (known) {
            known.clear();
            known.putAll(records);
        }
        return List.copyOf(records.values());
    }

    @Override
    public void write(Applied record, Optional<Term> by) throws RegistryException {
        String key = EtcdKeys.applied(record.service(), record.provider(), record.watcher());
        synchronized (known) {
            if (record.equals(known.get(key))) {
                return;
            }
            // Until etcd has answered nobody knows which of them is there.
            known.remove(key);
        }
        commit("write " + key, Op.put(bytes(key), bytes(AppliedJson.encode(record)), PutOption.DEFAULT), by);
        synchronized (known) {
            known.put(key, record);
        }
    }

    @Override
    public void delete(String service, String provider, String watcher, Optional<Term> by) throws RegistryException {
        String key = EtcdKeys.applied(service, provider, watcher);
        synchronized (known) {
            known.remove(key);
        }
        commit("delete " + key, Op.delete(bytes(key), DeleteOption.DEFAULT), by);
    }

    private void commit(String what, Op operation, Optional<Term> by) throws RegistryException {
        List<Cmp> conditions = by.map(term -> Transactions.modified(EtcdKeys.leader(term.group()), term.version()))
                .map(List::of)
                .orElse(List.of());
        TxnResponse answer =
                new Transactions(connection, () -> {}).commit(what, conditions, List.of(operation), List.of());
        if (!answer.isSucceeded()) {
            throw new RegistryException("%s: this watcher no longer leads the group '%s'"
                    .formatted(what, by.map(Term::group).orElse("")));
        }
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
