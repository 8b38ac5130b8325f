package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is really stored under a lease: the names from the lease, then their values. */
final class LeasedKeys {

    private static final Logger log = LoggerFactory.getLogger(LeasedKeys.class);

    /** etcd's default bound on the operations of one transaction. */
    private static final int MOST_OPERATIONS = 128;

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final String owner;

    LeasedKeys(EtcdConnection connection, EtcdKeys keys, String owner) {
        this.connection = connection;
        this.keys = keys;
        this.owner = owner;
    }

    /** @param agentRecord whether the owner's record is among them */
    record Found(SortedMap<InstanceId, Held> held, boolean agentRecord) {}

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
        List<ByteSequence> names = connection.keysOf(info);
        boolean agentRecord = names.contains(bytes(EtcdKeys.agent(owner)));
        SortedMap<InstanceId, SortedMap<String, KeyValue>> entries = new TreeMap<>();
        for (int from = 0; from < names.size(); from += MOST_OPERATIONS) {
            readValues(names.subList(from, Math.min(names.size(), from + MOST_OPERATIONS)), entries);
        }
        SortedMap<InstanceId, Held> held = new TreeMap<>();
        for (Map.Entry<InstanceId, SortedMap<String, KeyValue>> entry : entries.entrySet()) {
            held(entry.getKey(), entry.getValue()).ifPresent(each -> held.put(entry.getKey(), each));
        }
        return Optional.of(new Found(held, agentRecord));
    }

    private void readValues(List<ByteSequence> names, SortedMap<InstanceId, SortedMap<String, KeyValue>> entries)
            throws RegistryException {
        List<Op> gets = new ArrayList<>(names.size());
        for (ByteSequence name : names) {
            if (keys.parse(EtcdKeys.text(name)) instanceof EtcdKeys.Field) {
                gets.add(Op.get(name, GetOption.DEFAULT));
            }
        }
        if (gets.isEmpty()) {
            return;
        }
        var response = connection.call(
                "read the lease's values",
                client ->
                        client.getKVClient().txn().Then(gets.toArray(Op[]::new)).commit());
        response.getGetResponses()
                .forEach(get -> get.getKvs().forEach(kv -> {
                    if (keys.parse(EtcdKeys.text(kv.getKey()))
                                    instanceof EtcdKeys.Field(String s, String i, String field)
                            && Name.isValid(s)
                            && Name.isValid(i)) {
                        entries.computeIfAbsent(new InstanceId(s, i), id -> new TreeMap<>())
                                .put(field, kv);
                    }
                }));
    }

    /** An entry is whole when its fields were written together, with its owner field, by this owner. */
    private Optional<Held> held(InstanceId id, SortedMap<String, KeyValue> fields) throws RegistryException {
        KeyValue ownerField = fields.get(FieldsLayout.OWNER);
        if (ownerField == null) {
            // Somebody took the owner field away: the rest is still ours to mend or to remove, unless it is another's
            // now.
            return hasOwner(id)
                    ? Optional.empty()
                    : Optional.of(new Held(id, 0, Optional.empty(), Set.copyOf(fields.keySet())));
        }
        if (!EtcdKeys.text(ownerField.getValue()).equals(owner)) {
            return Optional.empty(); // the publication that follows finds out whose it is
        }
        long version = ownerField.getModRevision();
        boolean together = fields.values().stream().allMatch(kv -> kv.getModRevision() == version);
        SortedMap<String, String> values = new TreeMap<>();
        fields.forEach((name, kv) -> values.put(name, EtcdKeys.text(kv.getValue())));
        return Optional.of(new Held(id, version, together ? decode(id, values) : Optional.empty(), values.keySet()));
    }

    private boolean hasOwner(InstanceId id) throws RegistryException {
        String key = keys.field(id, FieldsLayout.OWNER);
        var response =
                connection.call("read " + key, client -> client.getKVClient().get(bytes(key)));
        return response.getCount() > 0;
    }

    private static Optional<Registration> decode(InstanceId id, SortedMap<String, String> values) {
        try {
            Registration registration = FieldsLayout.decode(id, values);
            return FieldsLayout.encode(registration).equals(values) ? Optional.of(registration) : Optional.empty();
        } catch (IllegalArgumentException e) {
            log.warn("{}: what is stored was changed by somebody ({}), repairing it", id, e.getMessage());
            return Optional.empty();
        }
    }
}
