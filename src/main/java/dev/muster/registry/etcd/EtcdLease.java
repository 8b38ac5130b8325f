package dev.muster.registry.etcd;

import dev.muster.reconcile.Time;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lease, renewed at each third of its time to live by a loop of its own that goes by monotonic time. While a renewal is
 * unanswered it is sent again each twelfth (at least 200 ms), on a fresh connection each time and through every endpoint in
 * turn, until one is answered or the time to live is over: then the lease is taken for dead, for good. Never revoked. etcd lets
 * anybody renew a lease: while it does not know this user, or has another password, every other try is as nobody, so that
 * what is published stays until that is mended.
 */
final class EtcdLease implements Seat.Lease {

    private static final Logger log = LoggerFactory.getLogger(EtcdLease.class);
    /** In each time to live. A rehearsal is to have more of them in less time. */
    private static final int RENEWALS = Integer.getInteger("muster.renewals", 3);

    private static final Duration SHORTEST_RETRY = Duration.ofMillis(200);
    private static final String GONE = "etcd says that it is gone";
    private static final String NOT_FOUND = "requested lease not found";

    private final EtcdConnection connection;
    private final long id;
    private final Duration ttl;
    private final Time time;
    private final Runnable lost;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long renewedNanos;
    private Instant renewedAt;
    private boolean dead;
    private boolean doubted;

    private EtcdLease(EtcdConnection connection, long id, Duration ttl, long sentNanos, Time time, Runnable lost) {
        this.connection = connection;
        this.id = id;
        this.ttl = ttl;
        this.time = time;
        this.lost = lost;
        this.renewedNanos = sentNanos;
        this.renewedAt = time.now();
        this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::renewForEver);
        thread.start();
    }

    /** @param lost called once, on the lease's thread, when it is taken for dead; must return at once */
    static EtcdLease grant(EtcdConnection connection, Duration ttl, Time time, Runnable lost) throws RegistryException {
        long sent = time.nanos();
        var response = connection.call(
                "grant a lease", client -> client.getLeaseClient().grant(ttl.toSeconds()));
        return new EtcdLease(connection, response.getID(), Duration.ofSeconds(response.getTTL()), sent, time, lost);
    }

    /** Renews a lease that somebody else was granted and goes on with it; empty when it is gone. */
    static Optional<EtcdLease> adopt(EtcdConnection connection, long id, Time time, Runnable lost)
            throws RegistryException {
        long sent = time.nanos();
        try {
            LeaseKeepAliveResponse response = connection.callAnyMember(
                    "renew a lease", client -> client.getLeaseClient().keepAliveOnce(id));
            if (response.getTTL() <= 0) {
                return Optional.empty();
            }
            Duration ttl = Duration.ofSeconds(response.getTTL());
            return Optional.of(new EtcdLease(connection, id, ttl, sent, time, lost));
        } catch (RegistryException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public long id() {
        return id;
    }

    /** The time to live that etcd granted. */
    Duration ttl() {
        return ttl;
    }

    /** Since the newest renewal that was answered was sent. */
    synchronized Duration age() {
        return time.elapsed(renewedNanos);
    }

    /** Whether it can be relied on now: renewed within its time to live, by either clock. */
    boolean alive() {
        return left().isPositive();
    }

    @Override
    public synchronized Duration left() {
        Duration wall = Duration.between(renewedAt, time.now());
        Duration older = wall.compareTo(age()) > 0 ? wall : age();
        return dead || older.compareTo(ttl) >= 0 ? Duration.ZERO : ttl.minus(older);
    }

    /** It is not there: somebody has revoked it, or nobody has renewed it in time. */
    void gone() {
        die(GONE);
        close();
    }

    /** Stops renewing; the lease lives on for its time to live. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void renewForEver() {
        try {
            while (!closed.await(untilRenewal().toNanos(), TimeUnit.NANOSECONDS)) {
                renew();
                if (isDead()) {
                    lost.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            log.debug("lease {}: interrupted, no longer renewed", Long.toHexString(id));
        }
    }

    /** Until one is answered, or dead. */
    private void renew() throws InterruptedException {
        Duration retry = ttl.dividedBy(12).compareTo(SHORTEST_RETRY) > 0 ? ttl.dividedBy(12) : SHORTEST_RETRY;
        long before = lastRenewed();
        Client present = connection.client();
        List<Client> others = new ArrayList<>();
        int tries = 0;
        boolean asNobody = false;
        try {
            for (; lastRenewed() == before && !isDead() && closed.getCount() > 0; tries++) {
                if (age().compareTo(ttl) >= 0) {
                    die("no renewal was answered for " + age().toMillis() + " ms");
                    return;
                }
                if (tries == 1) {
                    doubt(retry);
                    connection.suspect(present);
                }
                asNobody = connection.isRefused() && !asNobody;
                if (asNobody) {
                    others.add(connection.anotherAsNobody(tries / 2));
                } else if (tries > 0) {
                    others.add(connection.another(tries));
                }
                Client asked = others.isEmpty() ? present : others.getLast();
                send(asked).await(retry.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (tries == 1 && doubted) {
                doubted = false;
                log.info("lease {}: renewals are answered at once again", Long.toHexString(id));
            }
        } finally {
            others.forEach(Client::close);
        }
    }

    /** Said once, until all is well again. */
    private void doubt(Duration after) {
        if (!doubted) {
            doubted = true;
            log.warn(
                    "lease {}: a renewal is {} after {} ms, trying others",
                    Long.toHexString(id),
                    connection.isRefused() ? "refused" : "unanswered",
                    after.toMillis());
        }
    }

    /** @return counted down when this renewal has succeeded, or failed for good */
    private CountDownLatch send(Client client) {
        CountDownLatch answered = new CountDownLatch(1);
        CrashPoint.RENEWING.reached();
        long sentNanos = time.nanos();
        Instant sentAt = time.now();
        try {
            var _ = client.getLeaseClient().keepAliveOnce(id).whenComplete((response, failure) -> {
                if (failure == null && response.getTTL() > 0) {
                    renewed(sentNanos, sentAt);
                    CrashPoint.RENEWED.reached();
                    answered.countDown();
                } else if (failure == null || isNotFound(failure)) {
                    die(GONE);
                    answered.countDown();
                } else {
                    connection.noticeRefusal(failure);
                    log.debug("lease {}: renewal failed", Long.toHexString(id), failure);
                }
            });
        } catch (RuntimeException e) {
            log.debug("lease {}: this client was closed meanwhile", Long.toHexString(id), e);
        }
        return answered;
    }

    private Duration untilRenewal() {
        Duration left = ttl.dividedBy(RENEWALS).minus(age());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private synchronized void renewed(long sentNanos, Instant sentAt) {
        if (!dead && sentNanos > renewedNanos) {
            renewedNanos = sentNanos;
            renewedAt = sentAt;
        }
    }

    private synchronized void die(String why) {
        if (!dead) {
            dead = true;
            log.warn("lease {} is lost: {}", Long.toHexString(id), why);
        }
    }

    private synchronized boolean isDead() {
        return dead;
    }

    private synchronized long lastRenewed() {
        return renewedNanos;
    }

    /** Whether etcd says that a lease that was named does not exist. */
    static boolean isNotFound(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(NOT_FOUND)) {
                return true;
            }
        }
        return false;
    }
}
