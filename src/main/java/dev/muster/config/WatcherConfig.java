package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that a watcher is told.
 *
 * @param watcher its id: the host's name, or {@code <host>.<name>}
 * @param ttl of its own lease, and the registrations' TTL as far as its waits are concerned
 * @param probeTimeout bound on one probe of an instance whose lease expired
 */
public record WatcherConfig(
        EtcdConfig etcd,
        String host,
        String watcher,
        List<String> providers,
        HaproxyConfig haproxy,
        Duration ttl,
        Duration resync,
        Duration probeTimeout,
        Path stateDir,
        boolean lock,
        boolean failFast) {

    public WatcherConfig {
        providers = List.copyOf(providers);
    }
}
