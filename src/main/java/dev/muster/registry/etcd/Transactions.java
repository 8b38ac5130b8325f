package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Transactions under a lease that may have ended, which is noticed here first. */
final class Transactions {

    /** etcd's default bound on the comparisons, and on the operations, of one transaction. */
    static final int MOST_OPERATIONS = 128;

    private final EtcdConnection connection;
    private final Runnable leaseLost;

    Transactions(EtcdConnection connection, Runnable leaseLost) {
        this.connection = connection;
        this.leaseLost = leaseLost;
    }

    TxnResponse commit(String what, List<Cmp> conditions, List<Op> then, List<Op> otherwise) throws RegistryException {
        try {
            return connection.call(
                    what,
                    client -> client.getKVClient()
                            .txn()
                            .If(conditions.toArray(Cmp[]::new))
                            .Then(then.toArray(Op[]::new))
                            .Else(otherwise.toArray(Op[]::new))
                            .commit());
        } catch (RegistryException e) {
            if (EtcdLease.isNotFound(e)) {
                leaseLost.run();
            }
            throw e;
        }
    }

    /** What is stored under these keys, by key; as many transactions as that needs. */
    SortedMap<String, KeyValue> values(String what, Collection<String> keys) throws RegistryException {
        return read(
                what,
                keys.stream()
                        .map(key -> (Op) Op.get(bytes(key), GetOption.DEFAULT))
                        .toList());
    }

    /** What these reads find, by key; as many transactions as that needs. */
    SortedMap<String, KeyValue> read(String what, List<Op> looks) throws RegistryException {
        SortedMap<String, KeyValue> values = new TreeMap<>();
        for (int from = 0; from < looks.size(); from += MOST_OPERATIONS) {
            List<Op> some = looks.subList(from, Math.min(looks.size(), from + MOST_OPERATIONS));
            values.putAll(read(commit(what, List.of(), some, List.of())));
        }
        return values;
    }

    /** All that a transaction read, by key. */
    static SortedMap<String, KeyValue> read(TxnResponse response) {
        SortedMap<String, KeyValue> read = new TreeMap<>();
        response.getGetResponses().forEach(get -> get.getKvs().forEach(kv -> read.put(EtcdKeys.text(kv.getKey()), kv)));
        return read;
    }

    /** @param revision of its last change; 0 where it must not be there */
    static Cmp modified(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }
}
