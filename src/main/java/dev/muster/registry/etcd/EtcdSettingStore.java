package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.SettingStore;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.util.List;
import java.util.Optional;

/** Settings in etcd: one key each, without a lease. What says the same already is not written again. */
public final class EtcdSettingStore implements SettingStore {

    private final EtcdConnection connection;
    private final EtcdKeys keys;

    public EtcdSettingStore(EtcdConnection connection, String prefix) {
        this.connection = connection;
        this.keys = new EtcdKeys(prefix);
    }

    @Override
    public Optional<String> set(String service, String name, String value) throws RegistryException {
        String key = keys.setting(service, name);
        if (read(key).equals(Optional.of(value))) {
            return Optional.of(value);
        }
        PutOption before = PutOption.builder().withPrevKV().build();
        var answer =
                connection.change("put " + key, client -> client.getKVClient().put(bytes(key), bytes(value), before));
        return answer.hasPrevKv() ? Optional.of(EtcdKeys.text(answer.getPrevKv().getValue())) : Optional.empty();
    }

    /** What is not there needs no change, and an etcd that is not there at all is found by looking. */
    @Override
    public Optional<String> unset(String service, String name) throws RegistryException {
        String key = keys.setting(service, name);
        if (read(key).isEmpty()) {
            return Optional.empty();
        }
        DeleteOption before = DeleteOption.builder().withPrevKV(true).build();
        return text(connection
                .change("delete " + key, client -> client.getKVClient().delete(bytes(key), before))
                .getPrevKvs());
    }

    /** One transaction: it is never let go what is asked for still. */
    @Override
    public Optional<String> unset(String service, String name, Release release) throws RegistryException {
        String key = keys.setting(service, name);
        Optional<String> before = read(key);
        long lease = connection
                .call(
                        "grant a lease for " + EtcdKeys.release(service, release.provider()),
                        client -> client.getLeaseClient().grant(Release.LIFE_UNHEARD.toSeconds()))
                .getID();
        Op[] steps = {
            Op.delete(bytes(key), DeleteOption.DEFAULT),
            Op.put(
                    bytes(EtcdKeys.release(service, release.provider())),
                    bytes(AppliedJson.encode(release)),
                    PutOption.builder().withLeaseId(lease).build())
        };
        connection.change(
                "delete " + key,
                client -> client.getKVClient().txn().Then(steps).commit());
        return before;
    }

    private Optional<String> read(String key) throws RegistryException {
        return text(connection
                .call("read " + key, client -> client.getKVClient().get(bytes(key)))
                .getKvs());
    }

    private static Optional<String> text(List<KeyValue> there) {
        return there.stream().findFirst().map(one -> EtcdKeys.text(one.getValue()));
    }
}
