package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.provider.Provider;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Keeps every provider in step with the registry. One pass takes the newest catalog, reads what is really there, asks the
 * guard, writes the difference, and records what is applied. Without a catalog nothing is touched.
 */
public final class Watcher implements ReconcileLoop.Pass {

    /** A balancer that died or that somebody changed is noticed within this time. */
    private static final Duration LOOK_AT_TARGETS = Duration.ofSeconds(2);

    private final CatalogFeed feed;
    private final Records records;
    private final Probes probes;
    private final List<Steering> steerings;
    private final Duration resync;
    private final Time time;
    private final WatcherStatus status;
    private final Instant began;
    private final long beganNanos;
    private final RememberedSettings settings = new RememberedSettings();
    private long recordsReadAt;

    /**
     * @param self how this watcher announces itself; its id names its records
     * @param resync how often its records are read again
     */
    public Watcher(
            CatalogFeed feed,
            Progress progress,
            Progress.Watcher self,
            List<Provider> providers,
            Bindings bindings,
            Probes probes,
            Duration resync,
            Time time,
            RandomGenerator random,
            WatcherStatus status) {
        this.feed = feed;
        this.records = new Records(progress, self, time, random);
        this.probes = probes;
        this.resync = resync;
        this.time = time;
        this.status = status;
        this.began = time.now();
        this.beganNanos = time.nanos();
        this.steerings = providers.stream()
                .map(provider -> new Steering(provider, bindings, records, time, status, random))
                .toList();
    }

    @Override
    public Duration run(Signal.Look look) {
        Optional<CatalogFeed.View> view = feed.view();
        status.registry(
                view.isEmpty()
                        ? Optional.of("the registry has not been read yet")
                        : view.get().synced() ? Optional.empty() : Optional.of("the registry is out of sync"));
        if (view.isEmpty()) {
            return LOOK_AT_TARGETS;
        }
        if (view.get().synced()) {
            readRecords();
        }
        Sight sight = recordedFirst(sight(view.get()));
        steerings.forEach(steering -> steering.pass(sight));
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        steerings.forEach(steering -> unanswered.putAll(steering.toProbe()));
        probes.follow(unanswered);
        return next();
    }

    private void readRecords() {
        records.begin();
        if (time.elapsed(recordsReadAt).compareTo(resync) >= 0) {
            records.reread();
            recordsReadAt = time.nanos();
        }
    }

    /** Whoever drains looks at the records: they are there before anything is routed, by a catalog that is newer than they are. */
    private Sight recordedFirst(Sight sight) {
        if (!sight.synced() || !records.answers()) {
            return sight;
        }
        boolean any = false;
        for (Steering steering : steerings) {
            any |= steering.announceServices(sight);
        }
        return any ? feed.view().map(this::sight).orElse(sight) : sight;
    }

    /**
     * The guard's hour is measured by the monotonic clock, from the wall clock at the start: a clock that is set forward
     * must not end a hold. What the feed said by the wall clock is moved by the same difference.
     */
    private Sight sight(CatalogFeed.View view) {
        Instant now = began.plus(time.elapsed(beganNanos)).truncatedTo(ChronoUnit.MILLIS);
        long aheadSeconds = Math.round(Duration.between(time.now(), now).toMillis() / 1000.0);
        Instant unsettledUntil = view.unsettledUntil();
        boolean settled = !unsettledUntil.isAfter(time.now());
        return new Sight(
                settings.in(view.catalog(), view.synced() && settled),
                view.synced(),
                now,
                settled ? Instant.MIN : unsettledUntil.plusSeconds(aheadSeconds),
                view.receivedNanos(),
                probes.results());
    }

    private Duration next() {
        Duration next = LOOK_AT_TARGETS.compareTo(resync) < 0 ? LOOK_AT_TARGETS : resync;
        for (Steering steering : steerings) {
            Duration retry = steering.untilNextTry();
            next = retry.isZero() || retry.compareTo(next) > 0 ? next : retry;
        }
        return next;
    }
}
