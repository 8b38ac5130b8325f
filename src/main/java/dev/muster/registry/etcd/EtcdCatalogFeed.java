package dev.muster.registry.etcd;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.RegistryException;
import dev.muster.registry.etcd.WatchStream.Signal;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog out of etcd: a read at revision R, a watch from R + 1, and one thread that folds what arrives and looks after
 * the watch, since a watch may end without a word. Whatever ends it leads to another one from the last revision seen; a
 * compaction, a replaced etcd, or more than a moment in which etcd could not be read lead to a whole read, since only that
 * proves that nothing was missed. An error never changes the catalog.
 */
public final class EtcdCatalogFeed implements CatalogFeed {

    /**
     * @param probeEvery how long nothing may arrive before etcd is asked for a sign of life
     * @param probeTimeout bound on its answer, and on the creation of a watch
     * @param quiet how long a watch may bring nothing while etcd's revision grows before it is made anew
     */
    record Timing(Duration probeEvery, Duration probeTimeout, Duration quiet, int pageSize) {
        static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMinutes(1), 2000);
    }

    private sealed interface Arrival {
        record FromWatch(Signal signal) implements Arrival {}

        record Replaced(String why) implements Arrival {}

        /** Another client took the old one's place, or this feed is closed. */
        record Woken() implements Arrival {}
    }

    private static final Logger log = LoggerFactory.getLogger(EtcdCatalogFeed.class);

    /** In so short a time no etcd is replaced by an older one: what follows it needs no whole read. */
    private static final Duration BLINK = Duration.ofSeconds(1);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final Map<String, Integer> ports;
    private final Duration unsettled;
    private final Time time;
    private final Timing timing;
    private final SnapshotReader reader;
    private final Backoff backoff;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("catalog").daemon().unstarted(this::run);
    private final AtomicLong rewatches = new AtomicLong();
    private final AtomicLong rereads = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final FeedView published;
    private volatile boolean closed;

    // Below: the feed's thread only.
    private @Nullable CatalogFold fold;
    private boolean replaced;
    private long broughtRevision;
    private long broughtNanos;
    private boolean cut;
    private long cutNanos;

    /** @param ttl of the registrations' leases: owners need it, and some seconds, to come back after etcd was replaced */
    public EtcdCatalogFeed(EtcdConnection connection, String prefix, Duration ttl, Time time) {
        this(connection, prefix, ttl, time, Map.of());
    }

    /** @param ports by service: the port of an instance whose entry in the layout {@code presence} has none */
    public EtcdCatalogFeed(
            EtcdConnection connection, String prefix, Duration ttl, Time time, Map<String, Integer> ports) {
        this(connection, prefix, ttl, time, ports, Timing.DEFAULT, () -> {});
    }

    EtcdCatalogFeed(
            EtcdConnection connection,
            String prefix,
            Duration ttl,
            Time time,
            Map<String, Integer> ports,
            Timing timing,
            Runnable betweenPages) {
        this.connection = connection;
        this.keys = new EtcdKeys(prefix);
        this.ports = Map.copyOf(ports);
        this.unsettled = ttl.plusSeconds(5).multipliedBy(2);
        this.time = time;
        this.timing = timing;
        this.reader = new SnapshotReader(connection, keys.services(), timing.pageSize(), betweenPages);
        this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), RandomGenerator.getDefault());
        this.published = new FeedView(time);
        connection.onReplaced(why -> arrivals.add(new Arrival.Replaced(why)));
        connection.onReconnected(() -> arrivals.add(new Arrival.Woken()));
    }

    @Override
    public void start(Runnable listener) {
        published.listen(listener);
        thread.start();
    }

    @Override
    public Optional<View> view() {
        return published.view();
    }

    @Override
    public long newest(Set<String> services) throws RegistryException {
        return new NewestChange(connection, keys).of(services);
    }

    @Override
    public Optional<String> trouble() {
        return published.trouble();
    }

    /** How often a watch was made anew. */
    public long rewatches() {
        return rewatches.get();
    }

    /** Whole reads. */
    public long rereads() {
        return rereads.get();
    }

    /** Changes of keys that the watch has brought. */
    public long events() {
        return events.get();
    }

    /** Since when the catalog may lag behind etcd; empty while it does not. */
    public Optional<Instant> staleSince() {
        return published.staleSince();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    CatalogFold known = fold;
                    CatalogFold from = known == null || replaced || !published.isSynced() ? reread() : known;
                    follow(from);
                } catch (RegistryException e) {
                    if (closed) {
                        return;
                    }
                    published.lost(String.valueOf(e.getMessage()), EtcdErrors.cause(e));
                } catch (RuntimeException e) {
                    log.error("the catalog cannot be followed, which is a defect", e);
                    published.lost(e.toString(), e.toString());
                }
                await(backoff.next());
            }
        } catch (InterruptedException e) {
            log.debug("no longer following", e);
        }
    }

    private CatalogFold reread() throws RegistryException {
        CatalogFold known = requireNonNullElseGet(fold, () -> CatalogFold.nothing(keys, ports));
        AtomicReference<CatalogFold.Reading> begun = new AtomicReference<>();
        boolean replacedBefore = replaced;
        long revision = reader.read(at -> {
            CatalogFold.Reading reading = known.reading(at, !replacedBefore && at >= known.revision());
            begun.set(reading);
            return reading;
        });
        rereads.incrementAndGet();
        // What lies here is of streams that have ended, or of the etcd that was just read.
        for (Arrival old = arrivals.poll(); old != null; old = arrivals.poll()) {
            replaced |= old instanceof Arrival.Replaced;
        }
        if (fold != null && replaced != replacedBefore) {
            return reread(); // it was replaced while it was read
        }
        if (fold != null && (replaced || revision < known.revision())) {
            published.unsettledFor(unsettled);
        }
        CatalogFold next = requireNonNull(begun.get()).end();
        replaced = false;
        fold = next;
        published.publish(next, time.nanos());
        return next;
    }

    /** Until the watch has ended, in whatever way. */
    private void follow(CatalogFold from) throws RegistryException, InterruptedException {
        broughtRevision = from.revision();
        broughtNanos = time.nanos();
        boolean created = false;
        try (WatchStream stream = open(from.revision() + 1)) {
            while (!replaced) {
                Arrival arrival = arrivals.poll(timing.probeEvery().toNanos(), TimeUnit.NANOSECONDS);
                switch (arrival) {
                    case null -> {
                        if (!created) {
                            connection.suspect(stream.client());
                            throw new RegistryException("watch " + keys.services() + ": etcd did not begin it in time");
                        }
                        if (look() && time.elapsed(broughtNanos).compareTo(timing.quiet()) >= 0) {
                            log.debug("quiet since revision {}, watching anew", broughtRevision);
                            return;
                        }
                    }
                    case Arrival.Replaced(String why) -> replaced = true;
                    case Arrival.Woken() -> {
                        if (!stream.client().equals(connection.client())) {
                            return;
                        }
                    }
                    case Arrival.FromWatch(Signal.Created begun)
                    when begun.from().equals(stream) -> {
                        created = true;
                        if (!bringsAll(from.revision())) {
                            return;
                        }
                        cut = false;
                        published.synced();
                    }
                    case Arrival.FromWatch(Signal.Changes changes)
                    when changes.from().equals(stream) -> take(changes);
                    case Arrival.FromWatch(Signal.Ended ended)
                    when ended.from().equals(stream) -> {
                        ended(stream, created, ended.why());
                        return;
                    }
                    case Arrival.FromWatch stale -> log.debug("{} of a watch that is no more", stale);
                }
            }
        } finally {
            rewatches.incrementAndGet();
        }
    }

    private WatchStream open(long revision) throws RegistryException {
        try {
            return new WatchStream(
                    connection, keys.services(), revision, signal -> arrivals.add(new Arrival.FromWatch(signal)));
        } catch (RuntimeException e) {
            // A client that was closed in this moment: the next one is there or on its way.
            throw EtcdErrors.plain("watch " + keys.services(), e);
        }
    }

    /** Returns when another watch from the last revision seen will do; throws when all must be read anew. */
    private void ended(WatchStream stream, boolean created, Throwable why)
            throws RegistryException, InterruptedException {
        log.debug("the watch has ended", why);
        boolean connectionLost = EtcdErrors.isConnectionLost(why);
        if (connectionLost) {
            connection.suspect(stream.client());
        }
        if (!cut) {
            cut = true;
            cutNanos = time.nanos();
        }
        boolean refused = !created && (!connectionLost || !isBlink());
        if (refused || EtcdErrors.isCompacted(why) || EtcdErrors.isTooLarge(why)) {
            throw EtcdErrors.plain("watch " + keys.services(), why);
        }
        lookAgain();
    }

    /** A cut may take the first questions with it. */
    private void lookAgain() throws RegistryException, InterruptedException {
        while (true) {
            try {
                boolean _ = look();
                return;
            } catch (RegistryException e) {
                if (!isBlink()) {
                    throw e;
                }
                log.debug("asked again", e);
            }
            await(backoff.next());
        }
    }

    private boolean isBlink() {
        return time.elapsed(cutNanos).compareTo(BLINK) < 0;
    }

    /**
     * Asks for a sign of life, in a way that no member without quorum can answer.
     *
     * @return whether etcd has gone on since the watch last brought something
     */
    private boolean look() throws RegistryException {
        GetResponse answer = count("ask etcd for a sign of life", GetOption.builder());
        backoff.succeeded();
        long revision = answer.getHeader().getRevision();
        replaced |= revision < broughtRevision;
        return revision > broughtRevision;
    }

    /**
     * etcd takes a watch from the very revision that it was compacted at, though it has forgotten what was deleted there.
     *
     * @param before the revision before the watch
     * @return whether it is there; not where a cut has taken this question with it, so that another watch is needed
     */
    private boolean bringsAll(long before) throws RegistryException {
        try {
            GetResponse _ = count(
                    "look at revision %d".formatted(before), GetOption.builder().withRevision(before));
            return true;
        } catch (RegistryException e) {
            if (EtcdErrors.isCompacted(e) || !cut || !isBlink()) {
                throw e;
            }
            log.debug("watched again", e);
            return false;
        }
    }

    private GetResponse count(String what, GetOption.Builder option) throws RegistryException {
        GetOption counted = option.withCountOnly(true).build();
        return connection.call(
                what,
                timing.probeTimeout(),
                client -> client.getKVClient().get(EtcdKeys.bytes(keys.services()), counted));
    }

    /** Folds these changes and all that wait behind them, revision by revision, and shows the outcome once. */
    private void take(Signal.Changes first) {
        List<KeyChange> changes = new ArrayList<>(first.changes());
        while (arrivals.peek() instanceof Arrival.FromWatch(Signal.Changes more)
                && more.from().equals(first.from())) {
            arrivals.remove();
            changes.addAll(more.changes());
        }
        events.addAndGet(changes.size());
        CatalogFold next = requireNonNull(fold).follow(changes);
        fold = next;
        broughtRevision = next.revision();
        broughtNanos = time.nanos();
        backoff.succeeded();
        published.publish(next, first.receivedNanos());
    }

    /** Waits, unless there is news that makes waiting needless. */
    private void await(Duration delay) throws InterruptedException {
        long until = time.nanos() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = until - time.nanos()) {
            Arrival arrival = arrivals.poll(left, TimeUnit.NANOSECONDS);
            if (arrival instanceof Arrival.Replaced) {
                replaced = true;
            } else if (arrival instanceof Arrival.Woken) {
                return;
            }
        }
    }
}
