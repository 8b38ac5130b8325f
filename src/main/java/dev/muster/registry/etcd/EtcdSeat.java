package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import dev.muster.registry.Term;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's seat in etcd: {@code /muster/leader/<group>} under its leader's lease, {@code /muster/epoch/<group>} under none,
 * both changed in one transaction that compares both. Watched rather than asked; a watch that ends otherwise than by us is
 * told like a change, and the next look starts another one.
 */
public final class EtcdSeat implements Seat {

    private static final Logger log = LoggerFactory.getLogger(EtcdSeat.class);

    /** A watch may die without a word. */
    private static final Duration WATCH_ANEW = Duration.ofMinutes(1);

    private static final Seat.Listener NOBODY = new Seat.Listener() {
        @Override
        public void disturbed() {}

        @Override
        public void replaced() {}
    };

    private final EtcdConnection connection;
    private final String group;
    private final String watcher;
    private final String leaderKey;
    private final String epochKey;
    private final Duration ttl;
    private final Time time;
    private final Transactions transactions;
    private final Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    private volatile Listener listener = NOBODY;
    private @Nullable EtcdLease lease;
    private @Nullable WatchStream stream;
    private long streamSince;
    private boolean closed;

    /** @param watcher who sits there when it is taken */
    public EtcdSeat(EtcdConnection connection, String group, String watcher, Duration ttl, Time time) {
        this.connection = connection;
        this.group = Name.require("group", group);
        this.watcher = watcher;
        this.leaderKey = EtcdKeys.leader(group);
        this.epochKey = EtcdKeys.epoch(group);
        this.ttl = ttl;
        this.time = time;
        this.transactions = new Transactions(connection, this::leaseIsGone);
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Duration ttl() {
        return ttl;
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
        connection.onReplaced(why -> listener.replaced());
        connection.onReconnected(() -> {
            unfollow();
            listener.disturbed();
        });
    }

    @Override
    public Standing look() throws RegistryException {
        TxnResponse answer = transactions.commit(
                "see who leads " + group,
                List.of(),
                List.of(Op.get(bytes(leaderKey), GetOption.DEFAULT), Op.get(bytes(epochKey), GetOption.DEFAULT)),
                List.of());
        Map<String, KeyValue> found = Transactions.read(answer);
        Optional<KeyValue> leader = Optional.ofNullable(found.get(leaderKey));
        Optional<KeyValue> epoch = Optional.ofNullable(found.get(epochKey));
        return new Standing(
                leader.filter(key -> key.getLease() != 0)
                        .map(key -> LeaderRecord.decode(EtcdKeys.text(key.getValue()), key.getLease())),
                leader.map(KeyValue::getModRevision).orElse(0L),
                epoch.map(key -> LeaderRecord.decodeEpoch(EtcdKeys.text(key.getValue())))
                        .orElse(0L),
                epoch.map(KeyValue::getModRevision).orElse(0L),
                answer.getHeader().getRevision());
    }

    @Override
    public Lease grant() throws RegistryException {
        EtcdLease granted = EtcdLease.grant(connection, ttl, time, () -> listener.disturbed());
        synchronized (this) {
            lease = granted;
        }
        return granted;
    }

    @Override
    public Optional<Long> take(Standing seen, long epoch, Lease under) throws RegistryException {
        PutOption underLease = PutOption.builder().withLeaseId(under.id()).build();
        TxnResponse answer = transactions.commit(
                "take the seat of " + group,
                List.of(
                        Transactions.modified(leaderKey, seen.version()),
                        Transactions.modified(epochKey, seen.epochVersion())),
                List.of(
                        Op.put(bytes(leaderKey), bytes(LeaderRecord.encode(watcher, epoch, time.now())), underLease),
                        Op.put(bytes(epochKey), bytes(LeaderRecord.encode(epoch)), PutOption.DEFAULT)),
                List.of());
        return answer.isSucceeded() ? Optional.of(answer.getHeader().getRevision()) : Optional.empty();
    }

    @Override
    public void leave(Term term) throws RegistryException {
        transactions.commit(
                "leave the seat of " + group,
                List.of(
                        Transactions.modified(leaderKey, term.version()),
                        new Cmp(
                                bytes(epochKey),
                                Cmp.Op.EQUAL,
                                CmpTarget.value(bytes(LeaderRecord.encode(term.epoch()))))),
                List.of(Op.delete(bytes(leaderKey), DeleteOption.DEFAULT)),
                List.of());
    }

    @Override
    public synchronized void follow(long revision) {
        if (stream != null && time.elapsed(streamSince).compareTo(WATCH_ANEW) >= 0) {
            unfollow();
        }
        if (stream == null && !closed) {
            try {
                streamSince = time.nanos();
                stream = new WatchStream(connection, leaderKey, revision + 1, this::told);
            } catch (RuntimeException e) {
                // This client was closed under our hands.
                log.debug("group {}: the seat is not watched yet", group, e);
                later.execute(() -> listener.disturbed());
            }
        }
    }

    private void told(WatchStream.Signal signal) {
        switch (signal) {
            case WatchStream.Signal.Created created ->
                log.debug("group {}: watched from {}", group, created.revision());
            case WatchStream.Signal.Changes changes -> {
                if (changes.changes().stream().anyMatch(change -> change.key().equals(leaderKey))) {
                    listener.disturbed();
                }
            }
            case WatchStream.Signal.Ended ended -> {
                if (isOver(ended.from())) {
                    log.debug("group {}: the watch has ended", group, ended.why());
                    connection.suspect(ended.from().client());
                    later.execute(() -> listener.disturbed());
                }
            }
        }
    }

    /** Whether it was the one that counts, and has not been ended by us. */
    private synchronized boolean isOver(WatchStream ended) {
        boolean counts = stream == ended && !closed;
        if (counts) {
            stream = null;
        }
        return counts;
    }

    private synchronized void unfollow() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    /** etcd does not know the lease that was named. */
    private synchronized void leaseIsGone() {
        if (lease != null) {
            lease.gone();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        unfollow();
        listener = NOBODY;
    }
}
