package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.ProbeResult;
import dev.muster.provider.Provider;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Election;
import dev.muster.registry.Progress;
import dev.muster.registry.Releases;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every provider in step with the registry. One pass takes the newest catalog, reads what is really there, asks the
 * guard, writes the difference, and records what is applied. Without a catalog nothing is touched.
 */
public final class Watcher implements ReconcileLoop.Pass {

    /** A balancer that died or that somebody changed is noticed within this time. */
    private static final Duration LOOK_AT_TARGETS = Duration.ofSeconds(2);

    /**
     * What a watcher reads of the registry, and writes there.
     *
     * @param elections by provider, of those whose targets are shared: that is steered by the group's leader alone
     */
    public record Registry(CatalogFeed feed, Progress progress, Releases releases, Map<String, Election> elections) {

        public Registry {
            elections = Map.copyOf(elections);
        }

        /** For one whose targets are all its own. */
        public Registry(CatalogFeed feed, Progress progress, Releases releases) {
            this(feed, progress, releases, Map.of());
        }
    }

    private final CatalogFeed feed;
    private final Progress.Watcher self;
    private final Records records;
    private final Probes probes;
    private final List<Election> elections;
    private final List<Provider> providers;
    private final List<Turn> turns;
    private List<Steering> steerings = List.of();
    private Progress.@Nullable Watcher announced;
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
            Registry registry,
            Progress.Watcher self,
            List<Provider> providers,
            Bindings bindings,
            Probes probes,
            Duration resync,
            Time time,
            RandomGenerator random,
            WatcherStatus status) {
        this(registry, self, providers, bindings, probes, resync, time, random, status, Guard::decide);
    }

    /** @param guard in place of {@link Guard}: a wrong one, which tests must notice */
    Watcher(
            Registry registry,
            Progress.Watcher self,
            List<Provider> providers,
            Bindings bindings,
            Probes probes,
            Duration resync,
            Time time,
            RandomGenerator random,
            WatcherStatus status,
            Function<Facts, Decision> guard) {
        this.feed = registry.feed();
        this.self = self;
        this.probes = probes;
        this.resync = resync;
        this.time = time;
        this.status = status;
        this.began = time.now();
        this.beganNanos = time.nanos();
        this.recordsReadAt = beganNanos;
        this.elections = List.copyOf(registry.elections().values());
        Turns whose = new Turns(registry, bindings, time, status, random, guard, this::finished);
        this.records = whose.records(self.id(), Optional.empty());
        Overrules own = whose.overrules(records);
        this.providers = List.copyOf(providers);
        this.turns = providers.stream().map(provider -> whose.of(provider, own)).toList();
    }

    @Override
    public Duration run(Signal.Look look) {
        elections.forEach(Election::begun);
        try {
            return pass();
        } finally {
            elections.forEach(Election::ended);
        }
    }

    /**
     * What is still to be done or waited for after the last pass, in words; empty once every target is as the registry, the
     * guard and the target itself let it be. By the thread that runs the passes.
     */
    public Optional<String> unfinished() {
        return status.notReady()
                .or(() -> elections.stream()
                        .filter(election -> election.term().isEmpty())
                        .findFirst()
                        .map(Watcher::notElected))
                .or(status::moved)
                .or(() -> said(
                        steerings.size() < turns.size() || steerings.stream().anyMatch(Steering::awaits),
                        "what is new has still to be seen"))
                .or(() -> said(
                        steerings.stream().anyMatch(one -> !one.untilNextTry().isZero()),
                        "a target is to be left alone for a moment"))
                .or(() -> said(
                        probes.results().containsValue(ProbeResult.NOT_PROBED),
                        "instances whose registration expired are being probed"))
                .or(() -> said(allRecords().stream().anyMatch(Records::isBehind), "records have still to be written"))
                .or(() -> said(
                        providers.stream().anyMatch(one -> one.underWay() > 0),
                        "what was accepted is not in force everywhere yet"));
    }

    private static String notElected(Election election) {
        return election.leader()
                .map(leader -> "watcher '%s' leads the group %s, and this one must not write"
                        .formatted(leader, election.group()))
                .orElse("nobody leads the group %s yet".formatted(election.group()));
    }

    private static Optional<String> said(boolean so, String words) {
        return so ? Optional.of(words) : Optional.empty();
    }

    private void finished() {
        elections.forEach(Election::advanced);
    }

    private Duration pass() {
        steerings = turns.stream().flatMap(turn -> turn.now().stream()).toList();
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
        if (sight.synced()) {
            boolean anythingHeld =
                    steerings.stream().anyMatch(steering -> !steering.toProbe().isEmpty());
            steerings.stream().map(Steering::overrules).distinct().forEach(overrules -> overrules.look(anythingHeld));
        }
        steerings.forEach(steering -> {
            steering.pass(sight);
            steering.overrules().records().flush();
            finished();
        });
        if (announced != null) {
            announce(self.with(status.failures()));
        }
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        steerings.forEach(steering -> unanswered.putAll(steering.toProbe()));
        probes.follow(unanswered);
        return next();
    }

    private void announce(Progress.Watcher now) {
        if (!now.equals(announced) && records.announce(now)) {
            announced = now;
        }
    }

    private void readRecords() {
        if (announced == null) {
            announce(self);
        }
        boolean again = time.elapsed(recordsReadAt).compareTo(resync) >= 0;
        if (again && announced != null) {
            records.announce(announced);
        }
        allRecords().stream().filter(some -> again || !some.areRead()).forEach(Records::read);
        if (again) {
            recordsReadAt = time.nanos();
        }
    }

    /** This watcher's own, and those of the groups that it leads. */
    private Set<Records> allRecords() {
        Set<Records> all = new LinkedHashSet<>(List.of(records));
        steerings.forEach(steering -> all.add(steering.overrules().records()));
        return all;
    }

    /**
     * Whoever drains looks at the records: they are there before anything is routed, by a catalog that is newer than they
     * are. The watch may lag behind, so etcd is asked how far it has to come.
     */
    private Sight recordedFirst(Sight sight) {
        if (!sight.synced() || !records.answers()) {
            return sight;
        }
        Map<Steering, Set<String>> announced = new LinkedHashMap<>();
        Set<String> services = new TreeSet<>();
        for (Steering steering : steerings) {
            Set<String> some = steering.announceServices(sight);
            announced.put(steering, some);
            services.addAll(some);
        }
        if (services.isEmpty()) {
            return sight;
        }
        records.ask("see what is new of what is about to be steered", () -> feed.newest(services))
                .ifPresent(revision -> announced.forEach((steering, some) -> steering.await(some, revision)));
        return feed.view().map(this::sight).orElse(sight);
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
        if (allRecords().stream().anyMatch(Records::hasMore)) {
            return Duration.ZERO;
        }
        Duration next = LOOK_AT_TARGETS.compareTo(resync) < 0 ? LOOK_AT_TARGETS : resync;
        for (Steering steering : steerings) {
            Duration retry = steering.untilNextTry();
            next = retry.isZero() || retry.compareTo(next) > 0 ? next : retry;
            next = steering.untilNextCount(next);
        }
        return next;
    }
}
