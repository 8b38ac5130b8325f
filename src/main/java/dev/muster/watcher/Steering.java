package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Diff;
import dev.muster.plan.Facts;
import dev.muster.plan.Plan;
import dev.muster.plan.RouteClaims;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Serving;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Brings one provider in step with the catalog, as far as the guard lets it. */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class Steering {

    private static final Known NOBODY = new Known(new TreeMap<>(), Optional.empty(), 0, Map.of());

    /**
     * What a service is to be, before it is known which of its routes it gets.
     *
     * @param since when the first of its instances started
     */
    private record Shape(ServiceTargets targets, SettingsReading.Said said, Instant since) {

        RouteClaims.Claim claim() {
            return new RouteClaims.Claim(
                    targets.service(),
                    targets.protocol(),
                    targets.routes(),
                    said.routes().isPresent(),
                    since);
        }
    }

    private final Provider provider;
    private final Bindings bindings;
    private final Records records;
    private final Time time;
    private final WatcherStatus status;
    private final Function<Facts, Decision> guard;
    private final Overrules overrules;
    private final Drains drains;
    private final Backoff backoff;
    private final SettingsReading settings = new SettingsReading();
    private final SortedMap<String, Known> known = new TreeMap<>();
    private final SortedMap<String, ServiceTargets> steered = new TreeMap<>();

    /** By service, when the oldest news of it arrived that is not applied yet. */
    private final Map<String, Long> news = new HashMap<>();

    /** By service that was announced and is not steered yet, the revision that the catalog must have reached first. */
    private final Map<String, Long> awaited = new HashMap<>();

    private SortedMap<Target, CheckSpec> toProbe = new TreeMap<>();
    private final Settled settled = new Settled();

    /** By the last look at all services; those of them that needed no decision. */
    private final SortedMap<String, Shape> shapes = new TreeMap<>();

    private final Set<String> unchanged = new HashSet<>();
    private @Nullable Catalog desiredBy;
    private SortedMap<String, DesiredTargets> desired = new TreeMap<>();
    private long failedAt;
    private Duration pause = Duration.ZERO;

    Steering(
            Provider provider,
            Bindings bindings,
            Records records,
            Time time,
            WatcherStatus status,
            RandomGenerator random,
            Function<Facts, Decision> guard,
            Overrules overrules) {
        this.provider = provider;
        this.bindings = bindings;
        this.records = records;
        this.time = time;
        this.status = status;
        this.guard = guard;
        this.overrules = overrules;
        this.drains = new Drains(provider, time);
        this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), random);
    }

    /** What is missed and must be asked whether it still answers. */
    SortedMap<Target, CheckSpec> toProbe() {
        return toProbe;
    }

    /** How long to leave the provider alone after a failure, zero where it works. */
    Duration untilNextTry() {
        Duration left = pause.minus(time.elapsed(failedAt));
        return backoff.failures() == 0 || left.isNegative() ? Duration.ZERO : left;
    }

    /** When to look again for what drains, where that is sooner. */
    Duration untilNextCount(Duration otherwise) {
        return untilNextTry().isZero() ? drains.next(otherwise) : otherwise;
    }

    /** Says of every service that is about to be steered for the first time that it will be. @return which these are */
    Set<String> announceServices(Sight sight) {
        Set<String> announced = new TreeSet<>();
        for (String service : desired(sight).keySet()) {
            if (!known.containsKey(service) && records.of(key(service)).isEmpty()) {
                records.write(Known.nothingYet(place(service), time.now(), safeAfter(service)));
                announced.add(service);
            }
        }
        return announced;
    }

    /** These are not steered by a catalog that is older than their records. */
    void await(Set<String> services, long revision) {
        services.forEach(service -> awaited.put(service, revision));
    }

    /** Reads, decides, compares, applies, and says so. */
    void pass(Sight sight) {
        notice(sight);
        if (!untilNextTry().isZero()) {
            return;
        }
        SortedMap<String, Decision> decisions = new TreeMap<>();
        try {
            SortedMap<String, ServiceTargets> actual = provider.actual();
            SortedMap<String, ServiceTargets> desired = decide(sight, actual, decisions);
            Plan plan = Diff.between(desired, actual);
            if (!plan.changes().isEmpty()) {
                provider.apply(plan);
            }
            drains.count(decisions);
            backoff.succeeded();
            status.applied(
                    provider.name(), plan, decisions, time.elapsed(sight.receivedNanos()), sight.receivedNanos());
            steered.clear();
            steered.putAll(desired);
            decisions.forEach((service, decision) -> {
                if (!unchanged.contains(service)) {
                    Known before = known.get(service);
                    applied(sight, service, decision);
                    settled.keep(
                            service,
                            sight,
                            desired.get(service),
                            decision,
                            before,
                            known.get(service),
                            records.of(key(service)));
                }
            });
        } catch (ProviderException e) {
            status.failed(provider.name(), e);
            failedAt = time.nanos();
            pause = backoff.next();
            decisions.forEach(
                    (service, decision) -> known.computeIfPresent(service, (name, before) -> before.perhaps(decision)));
        }
    }

    /** Whatever keeps it from being applied at once, this is when its time began. */
    private void notice(Sight sight) {
        Set<String> services = new TreeSet<>(desired(sight).keySet());
        services.addAll(known.keySet());
        for (String service : services) {
            Known before = known.get(service);
            long applied = before != null
                    ? before.revision()
                    : records.of(key(service)).map(Applied::revision).orElse(0L);
            if (sight.catalog().changedAt().getOrDefault(service, 0L) > applied) {
                news.putIfAbsent(service, sight.receivedNanos());
            }
        }
    }

    private SortedMap<String, ServiceTargets> decide(
            Sight sight, SortedMap<String, ServiceTargets> actual, SortedMap<String, Decision> decisions) {
        SortedMap<String, DesiredTargets> wanted = desired(sight);
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        awaited.values().removeIf(revision -> sight.catalog().revision() >= revision || !sight.synced());
        settled.begin(sight);
        SortedMap<String, String> faults = new TreeMap<>();
        SortedMap<String, Shape> shaped = new TreeMap<>();
        unchanged.clear();
        for (String service : services(wanted.keySet(), actual.keySet())) {
            Optional<ServiceTargets> found = Optional.ofNullable(actual.get(service));
            SettingsReading.Said said = said(sight, service, found);
            said.faults().forEach((name, fault) -> faults.put(service + "/" + name, fault));
            Optional<Decision> same = same(service, said, sight, found);
            if (same.isPresent()) {
                unchanged.add(service);
                decisions.put(service, same.get());
                shaped.put(service, Objects.requireNonNull(shapes.get(service)));
                continue;
            }
            DesiredTargets want = wanted.getOrDefault(service, DesiredTargets.NOTHING);
            Known known = recall(service, found);
            Decision decision = guard.apply(new Facts(
                    sight.now(),
                    sight.synced(),
                    sight.unsettledUntil(),
                    known.serving(),
                    want.targets(),
                    sight.catalog().goodbyes(),
                    sight.probes(),
                    known.sizes(),
                    overrules.of(key(service))));
            decisions.put(service, decision);
            decision.holds().forEach(hold -> unanswered.put(hold.target(), check(decision, hold.target())));
            if (!decision.serving().isEmpty()) {
                shaped.put(service, new Shape(shape(service, want, decision, said, found), said, want.since()));
            }
        }
        toProbe = unanswered;
        shapes.clear();
        shapes.putAll(shaped);
        return routed(actual, faults);
    }

    /** What a pass that left this service as it was has decided, if this one would be the same. */
    private Optional<Decision> same(
            String service, SettingsReading.Said said, Sight sight, Optional<ServiceTargets> found) {
        Shape last = shapes.get(service);
        return last == null || last.said() != said
                ? Optional.empty()
                : settled.find(service, sight, found.orElse(null), known.get(service), records.of(key(service)))
                        .map(Settled.Service::decision);
    }

    /** Each service with those of its routes that it gets. */
    private SortedMap<String, ServiceTargets> routed(
            SortedMap<String, ServiceTargets> actual, SortedMap<String, String> faults) {
        RouteClaims.Granted granted =
                RouteClaims.grant(shapes.values().stream().map(Shape::claim).toList(), actual);
        SortedMap<String, ServiceTargets> desired = new TreeMap<>();
        shapes.forEach((service, shape) -> {
            List<Route> routes = granted.routes().getOrDefault(service, List.of());
            ServiceTargets there = actual.get(service);
            boolean stays = there != null
                    && unchanged.contains(service)
                    && there.routes().equals(routes);
            desired.put(service, stays ? there : shape.targets().withRoutes(routes));
        });
        status.shape(provider.name(), faults, granted.lost());
        return desired;
    }

    private SettingsReading.Said said(Sight sight, String service, Optional<ServiceTargets> found) {
        SortedMap<String, String> raw = sight.catalog().settings().getOrDefault(service, new TreeMap<>());
        return settings.of(service, raw, found, sight.now());
    }

    private static CheckSpec check(Decision decision, Target target) {
        Serving one = decision.serving().get(target);
        return one == null ? CheckSpec.UNKNOWN : one.check();
    }

    /** Everything that is wanted, known, recorded or there; but nothing new before its record is, and known to be, there. */
    private Set<String> services(Set<String> wanted, Set<String> actual) {
        Set<String> services = new TreeSet<>(known.keySet());
        services.addAll(actual);
        records.keys().stream()
                .filter(key -> key.provider().equals(provider.name()))
                .forEach(key -> services.add(key.service()));
        wanted.stream()
                .filter(service ->
                        !records.answers() || records.of(key(service)).isPresent())
                .forEach(services::add);
        // What stands there already is steered all the same: to leave it out would be to remove it.
        services.removeIf(service -> awaited.containsKey(service) && !actual.contains(service));
        return services;
    }

    private Known recall(String service, Optional<ServiceTargets> actual) {
        Known before = known.get(service);
        Known now = before == null ? Known.adopt(records.of(key(service)), records.areRead(), actual) : before;
        if (now.sizes().isEmpty() && records.areRead()) {
            now = records.of(key(service)).map(now::recall).orElse(now.withoutRecord());
        }
        known.put(service, now);
        return now;
    }

    /** What is held keeps the service's shape as it was, beside what is new. */
    private ServiceTargets shape(
            String service,
            DesiredTargets want,
            Decision decision,
            SettingsReading.Said said,
            Optional<ServiceTargets> actual) {
        Optional<ServiceTargets> before =
                Optional.ofNullable(steered.get(service)).or(() -> actual);
        Protocol protocol = want.targets().isEmpty()
                ? before.map(ServiceTargets::protocol).orElse(want.protocol())
                : want.protocol();
        Set<Route> routes = new LinkedHashSet<>(said.routes().orElse(want.routes()));
        if (said.routes().isEmpty() && !decision.holds().isEmpty()) {
            before.ifPresent(shape -> routes.addAll(shape.routes()));
        }
        return new ServiceTargets(service, protocol, List.copyOf(routes), decision.targets(), said.options());
    }

    private void applied(Sight sight, String service, Decision decision) {
        Known before = known.getOrDefault(service, NOBODY);
        long changed = sight.catalog().changedAt().getOrDefault(service, 0L);
        long revision = Known.newest(before.revision(), changed, sight.catalog().revision());
        Optional<Duration> took = Optional.ofNullable(news.remove(service)).map(time::elapsed);
        Known now = before.after(decision, revision, new Applied.Since(time.now(), revision, took));
        known.put(service, now);
        if (!sight.synced() || now.sizes().isEmpty()) {
            return;
        }
        long released = overrules.obeyed(key(service), decision.holds());
        if (now.serving().isEmpty()) {
            records.delete(key(service));
            if (records.of(key(service)).isEmpty()) {
                known.remove(service);
            }
        } else {
            records.write(now.record(
                    place(service),
                    time.now(),
                    decision,
                    new Applied.Leaving(drains.of(service, decision), decision.last(), safeAfter(service)),
                    released));
        }
    }

    /** Zero where the provider cannot say it: then the record's own time is all there is to wait for. */
    private Optional<Duration> safeAfter(String service) {
        return provider.synchronous()
                ? Optional.empty()
                : provider.safeAfter(service).or(() -> Optional.of(Duration.ZERO));
    }

    /** By the newest catalog; most passes see the same one as the pass before. */
    private SortedMap<String, DesiredTargets> desired(Sight sight) {
        if (sight.catalog() != desiredBy) {
            Predicate<Registration> bound = registration -> bindings.binds(provider.name(), registration);
            Catalog earlier = desiredBy;
            desired = earlier != null && follows(earlier, sight)
                    ? DesiredTargets.after(desired, earlier, sight.catalog(), bound)
                    : DesiredTargets.of(sight.catalog(), bound);
            desiredBy = sight.catalog();
        }
        return desired;
    }

    private Known.Place place(String service) {
        return new Known.Place(service, provider.name(), records.watcher());
    }

    /** Whether what one catalog says of changes can be compared with what the other says. */
    private static boolean follows(Catalog earlier, Sight sight) {
        return sight.unsettledUntil().equals(Instant.MIN) && sight.catalog().revision() >= earlier.revision();
    }

    private Records.Key key(String service) {
        return new Records.Key(service, provider.name());
    }
}
