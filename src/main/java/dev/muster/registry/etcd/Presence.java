package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One key that is there while this process lives: put under a lease of its own, and again when that was lost. */
final class Presence implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final EtcdConnection connection;
    private final Duration ttl;
    private final Time time;
    private final Semaphore due = new Semaphore(0);
    private @Nullable Thread keeper;
    private @Nullable EtcdLease lease;
    private String key = "";
    private String value = "";

    /** Whether another one of that name has written it. */
    private boolean shared;

    Presence(EtcdConnection connection, Duration ttl, Time time) {
        this.connection = connection;
        this.ttl = ttl;
        this.time = time;
        connection.onReplaced(why -> due.release());
    }

    /**
     * Writes where the key is not there as this process has put it: somebody may have deleted it, or have the same name.
     *
     * @throws RegistryException when it is not known to be there; to be asked again
     */
    synchronized void announce(String newKey, String newValue) throws RegistryException {
        if (newKey.equals(key) && newValue.equals(value) && stands()) {
            return;
        }
        key = newKey;
        value = newValue;
        put();
        if (keeper == null) {
            due.drainPermits();
            keeper = Thread.ofVirtual().name("presence").start(this::keep);
        }
    }

    private boolean stands() throws RegistryException {
        EtcdLease held = lease;
        if (held == null || !held.alive()) {
            return false;
        }
        List<KeyValue> found = connection
                .call("read " + key, client -> client.getKVClient().get(bytes(key)))
                .getKvs();
        boolean another = !found.isEmpty() && found.getFirst().getLease() != held.id();
        if (found.isEmpty()) {
            log.warn("{} was deleted, putting it back", key);
        } else if (another && !shared) {
            log.warn("{} was written by another one of that name; give each a name of its own", key);
        }
        shared = another;
        return !found.isEmpty() && !another;
    }

    private synchronized void put() throws RegistryException {
        EtcdLease held = lease;
        if (held == null || !held.alive()) {
            if (held != null) {
                held.close();
            }
            held = EtcdLease.grant(connection, ttl, time, due::release);
            lease = held;
        }
        long id = held.id();
        connection.call(
                "put " + key,
                client -> client.getKVClient()
                        .put(
                                bytes(key),
                                bytes(value),
                                PutOption.builder().withLeaseId(id).build()));
    }

    private void keep() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), RandomGenerator.getDefault());
        try {
            while (true) {
                due.acquire();
                due.drainPermits();
                try {
                    put();
                    backoff.succeeded();
                    log.info("{} is there again", key);
                } catch (RegistryException e) {
                    log.debug("{} is not there yet", key, e);
                    if (!due.tryAcquire(backoff.next().toNanos(), TimeUnit.NANOSECONDS)) {
                        log.trace("trying again");
                    }
                    due.release();
                }
            }
        } catch (InterruptedException e) {
            log.debug("{} is no longer kept", key);
        }
    }

    /** The key goes with its lease. */
    @Override
    public synchronized void close() {
        if (keeper != null) {
            keeper.interrupt();
        }
        if (lease != null) {
            lease.close();
        }
    }
}
