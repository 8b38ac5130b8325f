package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What is really stored under a lease: the names from the lease, then their values. An instance's entry is read as one: to name
 * each of its keys would take several transactions where one does.
 */
final class LeasedKeys {

    private final EtcdConnection connection;
    private final Transactions transactions;
    private final OwnedLayout layout;
    private final String agentRecord;

    LeasedKeys(EtcdConnection connection, Transactions transactions, OwnedLayout layout, String owner) {
        this.connection = connection;
        this.transactions = transactions;
        this.layout = layout;
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
        SortedMap<String, KeyValue> stored =
                transactions.read("read the lease's values", looks(connection.keysOf(info)));
        stored.values().removeIf(kv -> kv.getLease() != lease);
        Optional<String> record =
                Optional.ofNullable(stored.remove(agentRecord)).map(kv -> EtcdKeys.text(kv.getValue()));
        return Optional.of(new Found(stored, record));
    }

    private List<Op> looks(List<ByteSequence> names) {
        Set<InstanceId> instances = new TreeSet<>();
        List<Op> looks = new ArrayList<>();
        for (ByteSequence name : names) {
            Optional<InstanceId> instance = layout.idOf(EtcdKeys.text(name));
            if (instance.isEmpty()) {
                looks.add(Op.get(name, GetOption.DEFAULT));
            } else if (instances.add(instance.get())) {
                looks.add(layout.look(instance.get()));
            }
        }
        return looks;
    }
}
