package dev.muster.registry.etcd;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.LeaseOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What is really stored under a lease: the names from the lease, then their values. */
final class LeasedKeys {

    private final EtcdConnection connection;
    private final Transactions transactions;
    private final String agentRecord;

    LeasedKeys(EtcdConnection connection, Transactions transactions, String owner) {
        this.connection = connection;
        this.transactions = transactions;
        this.agentRecord = EtcdKeys.agent(owner);
    }

    /**
     * All but the owner's record.
     *
     * @param agentRecord the owner's record, where it is there too
     */
    record Found(SortedMap<String, KeyValue> stored, Optional<String> agentRecord) {}

    /** @return empty when etcd says that there is no such lease */
    Optional<Found> read(long lease) throws RegistryException {
        var info = connection.callAnyMember(
                "read the lease's keys",
                client -> client.getLeaseClient()
                        .timeToLive(
                                lease, LeaseOption.builder().withAttachedKeys().build()));
        if (info.getTTL() <= 0) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        connection.keysOf(info).forEach(key -> names.add(EtcdKeys.text(key)));
        SortedMap<String, KeyValue> stored = transactions.values("read the lease's values", names);
        stored.values().removeIf(kv -> kv.getLease() != lease);
        Optional<String> record =
                Optional.ofNullable(stored.remove(agentRecord)).map(kv -> EtcdKeys.text(kv.getValue()));
        return Optional.of(new Found(stored, record));
    }
}
