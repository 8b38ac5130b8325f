package dev.muster.registry.etcd;

import dev.muster.reconcile.Time;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.RegistryException;
import java.time.Duration;

/** The lease under which goodbyes are said: an hour, never renewed, granted at most once a minute and shared meanwhile. */
final class GoodbyeLease {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration SHARED_FOR = Duration.ofMinutes(1);

    private final EtcdConnection connection;
    private final Time time;
    private long id;
    private long grantedNanos;

    GoodbyeLease(EtcdConnection connection, Time time) {
        this.connection = connection;
        this.time = time;
    }

    long id() throws RegistryException {
        if (id == 0 || time.elapsed(grantedNanos).compareTo(SHARED_FOR) > 0) {
            long now = time.nanos();
            id = connection
                    .call(
                            "grant a lease for goodbyes",
                            client -> client.getLeaseClient().grant(LIFE.toSeconds()))
                    .getID();
            grantedNanos = now;
            CrashPoint.GOODBYE_LEASE_GRANTED.reached();
        }
        return id;
    }

    /** After etcd was replaced or restored: what was granted may be unknown there. */
    void forget() {
        id = 0;
    }
}
