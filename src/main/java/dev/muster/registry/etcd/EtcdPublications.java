package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.registry.Publications;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.LeaseOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How registrations stand in etcd, by the one of an instance's keys that carries its owner. */
public final class EtcdPublications implements Publications {

    private final EtcdConnection connection;
    private final EtcdKeys keys;

    public EtcdPublications(EtcdConnection connection, String prefix) {
        this.connection = connection;
        this.keys = new EtcdKeys(prefix);
    }

    @Override
    public Optional<Publication> of(InstanceId id) throws RegistryException {
        Optional<Publication> found =
                first(id, List.of(keys.field(id, FieldsLayout.OWNER), EtcdKeys.entry(keys.prefix(), id)));
        return found.isPresent() ? found : first(id, List.of(EtcdKeys.entry(EtcdKeys.CLAIMS, id)));
    }

    private Optional<Publication> first(InstanceId id, List<String> places) throws RegistryException {
        Map<String, KeyValue> found =
                new Transactions(connection, () -> {}).values("read how " + id + " is registered", places);
        for (String place : places) {
            KeyValue owner = found.get(place);
            if (owner != null) {
                return Optional.of(new Publication(owner.getModRevision(), leaseLeft(owner.getLease())));
            }
        }
        return Optional.empty();
    }

    private Optional<Duration> leaseLeft(long lease) throws RegistryException {
        if (lease == 0) {
            return Optional.empty();
        }
        long seconds = connection
                .call(
                        "ask for a lease's time to live",
                        client -> client.getLeaseClient().timeToLive(lease, LeaseOption.DEFAULT))
                .getTTL();
        return Optional.of(Duration.ofSeconds(Math.max(0, seconds)));
    }
}
