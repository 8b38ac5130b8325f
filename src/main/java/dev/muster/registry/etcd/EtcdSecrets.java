package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.registry.RegistryException;
import java.util.Optional;

/** What people keep in etcd that nobody else is to read. Nothing of it is kept here, or told. */
public final class EtcdSecrets {

    private final EtcdConnection connection;

    public EtcdSecrets(EtcdConnection connection) {
        this.connection = connection;
    }

    /** @return empty where there is none */
    public Optional<String> read(String key) throws RegistryException {
        return connection.call("read " + key, client -> client.getKVClient().get(bytes(key))).getKvs().stream()
                .findFirst()
                .map(found -> EtcdKeys.text(found.getValue()));
    }
}
