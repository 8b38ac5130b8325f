package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watchers' records in etcd. A record that cannot be understood is reported and left out; one that cannot be read is an error. */
public final class EtcdProgress implements Progress {

    private static final Logger log = LoggerFactory.getLogger(EtcdProgress.class);
    private static final int PAGE = 500;

    private final EtcdConnection connection;
    private final Presence presence;

    /** By key, what is there as far as is known: written by us, or read. */
    private final Map<String, Applied> known = new HashMap<>();

    private final Map<String, String> malformed = new HashMap<>();

    /** @param ttl of the watcher's own lease */
    public EtcdProgress(EtcdConnection connection, Duration ttl, Time time) {
        this.connection = connection;
        this.presence = new Presence(connection, ttl, time);
        connection.onReplaced(why -> forget());
    }

    @Override
    public void announce(Watcher watcher) throws RegistryException {
        presence.announce(EtcdKeys.watcher(Name.require("watcher", watcher.id())), AppliedJson.encode(watcher));
    }

    @Override
    public List<Watcher> watchers() throws RegistryException {
        List<Watcher> watchers = new ArrayList<>();
        read(EtcdKeys.watchers(), 1, (parts, text) -> AppliedJson.decodeWatcher(parts[0], text))
                .forEach((key, watcher) -> watchers.add(watcher));
        return watchers;
    }

    @Override
    public List<Applied> records() throws RegistryException {
        Map<String, Applied> records =
                read(EtcdKeys.applied(), 3, (parts, text) -> AppliedJson.decode(parts[0], parts[1], parts[2], text));
        synchronized (known) {
            known.clear();
            known.putAll(records);
        }
        return List.copyOf(records.values());
    }

    @Override
    public void write(Applied record) throws RegistryException {
        String key = EtcdKeys.applied(record.service(), record.provider(), record.watcher());
        synchronized (known) {
            if (sameButForTime(known.get(key), record)) {
                return;
            }
            // Until etcd has answered nobody knows which of them is there.
            known.remove(key);
        }
        connection.call(
                "write " + key, client -> client.getKVClient().put(bytes(key), bytes(AppliedJson.encode(record))));
        synchronized (known) {
            known.put(key, record);
        }
    }

    @Override
    public void delete(String service, String provider, String watcher) throws RegistryException {
        String key = EtcdKeys.applied(service, provider, watcher);
        synchronized (known) {
            known.remove(key);
        }
        connection.call("delete " + key, client -> client.getKVClient().delete(bytes(key)));
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

    private <T> Map<String, T> read(String prefix, int levels, BiFunction<String[], String, T> decode)
            throws RegistryException {
        Map<String, T> found = new HashMap<>();
        for (KeyChange read :
                new SnapshotReader(connection, prefix, PAGE, () -> {}).read().keys()) {
            String key = read.key();
            String[] parts = key.substring(prefix.length()).split("/", -1);
            try {
                if (parts.length != levels) {
                    throw new IllegalArgumentException("its key has not %d parts".formatted(levels));
                }
                for (String part : parts) {
                    Name.require("part of the key", part);
                }
                found.put(key, decode.apply(parts, String.valueOf(read.value())));
                understood(key);
            } catch (IllegalArgumentException e) {
                report(key, String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private void understood(String key) {
        synchronized (malformed) {
            malformed.remove(key);
        }
    }

    /** Once, until it says something else. */
    private void report(String key, String why) {
        synchronized (malformed) {
            if (!why.equals(malformed.put(key, why))) {
                log.warn("{} is left out: {}", Name.printable(key), why);
            }
        }
    }

    private static boolean sameButForTime(@Nullable Applied before, Applied now) {
        return Optional.ofNullable(before)
                .map(record -> at(record, now.at()).equals(now))
                .orElse(false);
    }

    private static Applied at(Applied record, Instant at) {
        return new Applied(
                record.service(),
                record.provider(),
                record.watcher(),
                record.revision(),
                at,
                record.targets(),
                record.held(),
                record.failOpen(),
                record.sizes(),
                record.synchronous());
    }
}
