package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Diff;
import dev.muster.plan.Facts;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Serving;
import dev.muster.plan.TargetState;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

/** Brings one provider in step with the catalog, as far as the guard lets it. */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class Steering {

    private static final Known NOBODY = new Known(new TreeMap<>(), Optional.empty(), 0, Map.of());

    /** What has changed since a failure may end it: it is tried after this time at the most. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final Provider provider;
    private final Binding binding;
    private final Records records;
    private final Time time;
    private final WatcherStatus status;
    private final Function<Facts, Decision> guard;
    private final Overrules overrules;
    private final Runnable finished;
    private final Drains drains;
    private final Backoff backoff;
    private final SortedMap<String, Known> known = new TreeMap<>();

    /** By service, when the oldest news of it arrived that is not applied yet. */
    private final Map<String, Long> news = new HashMap<>();

    /** By service that was announced and is not steered yet, the revision that the catalog must have reached first. */
    private final Map<String, Long> awaited = new HashMap<>();

    private SortedMap<Target, CheckSpec> toProbe = new TreeMap<>();
    private final Settled settled = new Settled();
    private final Dismissals dismissals = new Dismissals();
    private final Shapes shapes;
    private final Told told = new Told();
    private @Nullable Catalog wantedBy;
    private boolean wantedByTrusted;
    private SortedMap<String, DesiredTargets> wanted = new TreeMap<>();
    private long failedAt;
    private @Nullable Catalog failedBy;
    private @Nullable Catalog seenIn;
    private Duration pause = Duration.ZERO;

    /** @param finished told whenever something of a pass is done */
    Steering(
            Provider provider,
            Binding binding,
            Time time,
            WatcherStatus status,
            RandomGenerator random,
            Function<Facts, Decision> guard,
            Overrules overrules,
            Runnable finished) {
        this.provider = provider;
        this.binding = binding;
        this.records = overrules.records();
        this.time = time;
        this.status = status;
        this.guard = guard;
        this.overrules = overrules;
        this.finished = finished;
        this.drains = new Drains(provider, time);
        this.shapes = new Shapes(provider.name(), new SettingsReading(binding.heeds()), status);
        this.backoff = new Backoff(SOON, Duration.ofSeconds(5), random);
    }

    /** What is missed and must be asked whether it still answers. */
    SortedMap<Target, CheckSpec> toProbe() {
        return toProbe;
    }

    /** How long to leave the provider alone, after a failure or since it rests; zero where neither is so. */
    Duration untilNextTry() {
        Duration rest = provider.rest();
        Duration left = backoff.failures() == 0 ? Duration.ZERO : pause.minus(time.elapsed(failedAt));
        return left.compareTo(rest) > 0 ? left : rest;
    }

    /** When to look again for what drains, where that is sooner. */
    Duration untilNextCount(Duration otherwise) {
        return untilNextTry().isZero() ? drains.next(otherwise) : otherwise;
    }

    Overrules overrules() {
        return overrules;
    }

    /** Says of every service that is about to be steered for the first time that it will be. @return which these are */
    Set<String> announceServices(Sight sight) {
        see(sight);
        Set<String> announced = new TreeSet<>();
        if (!records.answers()) {
            return announced;
        }
        List<Applied> first = new ArrayList<>();
        for (Map.Entry<String, DesiredTargets> entry : wanted.entrySet()) {
            String service = entry.getKey();
            boolean serves = !entry.getValue().targets().isEmpty();
            if (serves
                    && !known.containsKey(service)
                    && records.of(key(service)).isEmpty()) {
                first.add(Known.nothing(place(service), 0, time.now(), safeAfter(service)));
                announced.add(service);
            }
        }
        records.writeNow(first);
        return announced;
    }

    /** These are not steered by a catalog that is older than their records. */
    void await(Set<String> services, long revision) {
        services.forEach(service -> awaited.put(service, revision));
    }

    /** Whether anything waits for a newer catalog. */
    boolean awaits() {
        return !awaited.isEmpty();
    }

    /** Reads, decides, compares, applies, and says so. */
    void pass(Sight sight) {
        see(sight);
        if (sight.catalog() != failedBy && pause.compareTo(SOON) > 0) {
            pause = SOON;
        }
        if (!untilNextTry().isZero()) {
            seen(sight);
            return;
        }
        SortedMap<String, Decision> decisions = new TreeMap<>();
        SortedMap<String, Decision> anew = new TreeMap<>();
        try {
            SortedMap<String, ServiceTargets> actual = provider.actual();
            SortedMap<String, ServiceTargets> desired = decide(sight, actual, decisions, anew);
            Plan plan = Diff.between(provider.possible(desired), actual);
            if (!records.mayWrite()) {
                return; // another one leads by now, and reads for itself
            }
            if (!plan.changes().isEmpty() || provider.disturbed()) {
                provider.apply(plan);
            }
            finished.run();
            drains.count(anew);
            backoff.succeeded();
            SortedMap<String, ServiceTargets> inForce = provider.possible(desired);
            SortedMap<String, Refusal> refused = provider.refusals();
            status.refused(provider.name(), refused);
            status.applied(
                    provider.name(),
                    without(plan, refused.keySet()),
                    decisions,
                    time.elapsed(sight.receivedNanos()),
                    sight.receivedNanos());
            shapes.applied(desired);
            told.now(anew.keySet(), shapes.refused(), refused).forEach((service, said) -> {
                Decision decision = decisions.get(service);
                if (decision == null || (!anew.containsKey(service) && said.equals(recorded(service)))) {
                    return;
                }
                if (sameTargets(desired.get(service), inForce.get(service))) {
                    Known before = known.get(service);
                    applied(sight, service, decision, said);
                    settled.keep(
                            service,
                            sight,
                            desired.get(service),
                            decision,
                            before,
                            known.get(service),
                            records.said(key(service)));
                } else {
                    refused(sight, service, decision, inForce.containsKey(service), said);
                }
                finished.run();
            });
            records.spread(provider.name(), provider.spreads());
        } catch (ProviderException e) {
            status.failed(provider.name(), e);
            failedAt = time.nanos();
            failedBy = sight.catalog();
            pause = backoff.next();
            seen(sight);
            decisions.forEach(
                    (service, decision) -> known.computeIfPresent(service, (name, before) -> before.perhaps(decision)));
        }
    }

    /** What comes back and goes again while the provider is left alone begins to be missed anew: it was not, in between. */
    private void seen(Sight sight) {
        if (sight.catalog() == seenIn) {
            return;
        }
        seenIn = sight.catalog();
        known.replaceAll((service, before) ->
                before.seen(wanted.getOrDefault(service, DesiredTargets.NOTHING).targets()));
    }

    private static Plan without(Plan plan, Set<String> services) {
        return services.isEmpty()
                ? plan
                : new Plan(
                        plan.desired(),
                        plan.changes().stream()
                                .filter(change -> !services.contains(change.service()))
                                .toList());
    }

    private List<Refusal> recorded(String service) {
        return records.said(key(service)).map(Applied::refused).orElse(List.of());
    }

    private static boolean sameTargets(@Nullable ServiceTargets one, @Nullable ServiceTargets other) {
        return one == other || targets(one).equals(targets(other));
    }

    private static SortedMap<Target, TargetState> targets(@Nullable ServiceTargets service) {
        return service == null ? new TreeMap<>() : service.targets();
    }

    /** Whatever keeps it from being applied at once, this is when its time began. */
    private void notice(Sight sight, Set<String> services) {
        for (String service : services) {
            Known before = known.get(service);
            if (before == null && !wanted.containsKey(service)) {
                continue;
            }
            long applied = before != null
                    ? before.revision()
                    : records.of(key(service)).map(Applied::revision).orElse(0L);
            if (sight.catalog().changedAt().getOrDefault(service, 0L) > applied) {
                news.putIfAbsent(service, sight.receivedNanos());
            }
        }
    }

    /**
     * @param decisions is given all of them
     * @param anew is given those that are no settled services', which have nothing that drains or is held
     */
    private SortedMap<String, ServiceTargets> decide(
            Sight sight,
            SortedMap<String, ServiceTargets> actual,
            SortedMap<String, Decision> decisions,
            SortedMap<String, Decision> anew) {
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        awaited.values().removeIf(revision -> sight.catalog().revision() >= revision || !sight.synced());
        settled.begin(sight);
        shapes.begin();
        for (String service : services(actual.keySet())) {
            Optional<ServiceTargets> found = Optional.ofNullable(actual.get(service));
            DesiredTargets want = wanted.getOrDefault(service, DesiredTargets.NOTHING);
            SettingsReading.Said said = shapes.said(sight, service, found);
            if (found.isPresent() && waits(service, found.get())) {
                // Its place stands and stays; what is to serve there waits as it would without one.
                shapes.leave(found.get(), said, want.since());
                continue;
            }
            Optional<Decision> same = shapes.had(service, said) ? unchanged(service, sight, found) : Optional.empty();
            if (same.isPresent()) {
                shapes.keep(service);
                decisions.put(service, same.get());
                continue;
            }
            Known known = recall(service, found);
            Decision decision = guard.apply(new Facts(
                    sight.now(),
                    sight.synced(),
                    sight.unsettledUntil(),
                    known.serving(),
                    want.targets(),
                    dismissals.and(service, sight.catalog().goodbyes()),
                    sight.probes(),
                    known.sizes(),
                    overrules.of(key(service))));
            decisions.put(service, decision);
            anew.put(service, decision);
            decision.holds().forEach(hold -> unanswered.put(hold.target(), check(decision, hold.target())));
            if (!decision.serving().isEmpty() || want.stands()) {
                shapes.put(service, want, decision, said, found);
            }
        }
        toProbe = unanswered;
        return shapes.routed(actual);
    }

    /** Whether nothing serves there that would be removed by waiting. */
    private boolean waits(String service, ServiceTargets found) {
        return awaited.containsKey(service) && found.targets().isEmpty();
    }

    /** What a pass that left this service as it was has decided, if this one would be the same. */
    private Optional<Decision> unchanged(String service, Sight sight, Optional<ServiceTargets> found) {
        return settled.find(service, sight, found.orElse(null), known.get(service), records.said(key(service)))
                .map(Settled.Service::decision);
    }

    private static CheckSpec check(Decision decision, Target target) {
        Serving one = decision.serving().get(target);
        return one == null ? CheckSpec.UNKNOWN : one.check();
    }

    /** Everything that is wanted, known, recorded or there; but nothing new before its record is, and known to be, there. */
    private Set<String> services(Set<String> actual) {
        Set<String> services = new TreeSet<>(known.keySet());
        services.addAll(actual);
        services.addAll(records.services(provider.name()));
        wanted.forEach((service, want) -> {
            if (want.targets().isEmpty() || !records.answers()) {
                services.add(service);
            }
        });
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

    /**
     * The provider does not take the service as it is to be.
     *
     * @param there whether something of it is there, as it was
     */
    private void refused(Sight sight, String service, Decision decision, boolean there, List<Refusal> said) {
        long revision = revision(sight, service);
        known.computeIfPresent(service, (name, before) -> there ? before.perhaps(decision) : before.leftOut(revision));
        if (!sight.synced()) {
            return;
        }
        Optional<Applied> record = there
                ? records.said(key(service))
                : Optional.of(Known.nothing(place(service), revision, time.now(), safeAfter(service)));
        record.ifPresent(stands -> records.write(stands.withRefused(said)));
    }

    /** The newest change of it that has been seen. */
    private long revision(Sight sight, String service) {
        long changed = sight.catalog().changedAt().getOrDefault(service, 0L);
        return Known.newest(
                known.getOrDefault(service, NOBODY).revision(),
                changed,
                sight.catalog().revision());
    }

    private void applied(Sight sight, String service, Decision decision, List<Refusal> refused) {
        Known before = known.getOrDefault(service, NOBODY);
        long revision = revision(sight, service);
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
            Applied.Leaving leaving =
                    new Applied.Leaving(drains.of(service, decision), decision.last(), safeAfter(service));
            records.write(now.record(place(service), time.now(), decision, leaving, released)
                    .withRefused(refused));
        }
    }

    /** Zero where the provider cannot say it: then the record's own time is all there is to wait for. */
    private Optional<Duration> safeAfter(String service) {
        return provider.synchronous()
                ? Optional.empty()
                : provider.safeAfter(service).or(() -> Optional.of(Duration.ZERO));
    }

    /** What the newest catalog wants; most passes see the same one as the pass before. */
    private void see(Sight sight) {
        Catalog earlier = wantedBy;
        if (sight.catalog() == earlier) {
            return;
        }
        Set<String> changed;
        if (earlier != null && follows(earlier, sight)) {
            changed = Binding.changed(earlier, sight.catalog());
            SortedMap<String, DesiredTargets> before = wanted;
            wanted = binding.desired(sight.catalog(), before, changed);
            changed.forEach(
                    service -> dismissals.see(service, before.get(service), wanted.get(service), sight.catalog()));
        } else {
            wanted = binding.desired(sight.catalog());
            changed = new TreeSet<>(wanted.keySet());
            changed.addAll(known.keySet());
        }
        wantedBy = sight.catalog();
        wantedByTrusted = sight.isTrusted();
        notice(sight, changed);
    }

    private Known.Place place(String service) {
        return new Known.Place(service, provider.name(), records.name());
    }

    /**
     * Whether what one catalog says of changes can be compared with what the other says. One that was not trusted had
     * settings that were remembered, and that they are gone is no change.
     */
    private boolean follows(Catalog earlier, Sight sight) {
        return wantedByTrusted
                && sight.unsettledUntil().equals(Instant.MIN)
                && sight.catalog().revision() >= earlier.revision();
    }

    private Records.Key key(String service) {
        return new Records.Key(service, provider.name());
    }
}
