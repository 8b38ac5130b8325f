package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Diff;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.Plan;
import dev.muster.plan.RouteClaims;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Serving;
import dev.muster.plan.Sizes;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Brings one provider in step with the catalog, as far as the guard lets it. */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class Steering {

    private final Provider provider;
    private final Bindings bindings;
    private final Records records;
    private final Time time;
    private final WatcherStatus status;
    private final Backoff backoff;
    private final SettingsReading settings = new SettingsReading();
    private final SortedMap<String, Known> known = new TreeMap<>();
    private final SortedMap<String, ServiceTargets> steered = new TreeMap<>();
    private SortedMap<Target, CheckSpec> toProbe = new TreeMap<>();
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
            RandomGenerator random) {
        this.provider = provider;
        this.bindings = bindings;
        this.records = records;
        this.time = time;
        this.status = status;
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

    /** Says of every service that is about to be steered for the first time that it will be: whether there was any. */
    boolean announceServices(Sight sight) {
        boolean any = false;
        for (String service : desired(sight).keySet()) {
            if (!known.containsKey(service) && records.of(key(service)).isEmpty()) {
                records.write(Known.nothingYet(
                        service, provider.name(), records.watcher(), time.now(), provider.synchronous()));
                any = true;
            }
        }
        return any;
    }

    /** Reads, decides, compares, applies, and says so. */
    void pass(Sight sight) {
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
            backoff.succeeded();
            status.applied(
                    provider.name(), plan, decisions, time.elapsed(sight.receivedNanos()), sight.receivedNanos());
            steered.clear();
            steered.putAll(desired);
            decisions.forEach((service, decision) -> applied(sight, service, decision));
        } catch (ProviderException e) {
            status.failed(provider.name(), e);
            failedAt = time.nanos();
            pause = backoff.next();
            decisions.forEach(
                    (service, decision) -> known.computeIfPresent(service, (name, before) -> before.perhaps(decision)));
        }
    }

    private SortedMap<String, ServiceTargets> decide(
            Sight sight, SortedMap<String, ServiceTargets> actual, SortedMap<String, Decision> decisions) {
        SortedMap<String, DesiredTargets> wanted = desired(sight);
        SortedMap<String, ServiceTargets> desired = new TreeMap<>();
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        List<RouteClaims.Claim> claims = new ArrayList<>();
        SortedMap<String, String> faults = new TreeMap<>();
        for (String service : services(wanted.keySet(), actual.keySet())) {
            Optional<ServiceTargets> found = Optional.ofNullable(actual.get(service));
            DesiredTargets want = wanted.getOrDefault(service, DesiredTargets.NOTHING);
            Known known = recall(service, found);
            Decision decision = Guard.decide(new Facts(
                    sight.now(),
                    sight.synced(),
                    sight.unsettledUntil(),
                    known.serving(),
                    want.targets(),
                    sight.catalog().goodbyes(),
                    sight.probes(),
                    known.sizes(),
                    false));
            decisions.put(service, decision);
            decision.holds().forEach(hold -> unanswered.put(hold.target(), check(decision, hold.target())));
            if (!decision.serving().isEmpty()) {
                SettingsReading.Said said = said(sight, service, found);
                said.faults().forEach((name, fault) -> faults.put(service + "/" + name, fault));
                ServiceTargets shape = shape(service, want, decision, said, found);
                desired.put(service, shape);
                claims.add(new RouteClaims.Claim(
                        service, shape.protocol(), shape.routes(), said.routes().isPresent(), want.since()));
            }
        }
        toProbe = unanswered;
        RouteClaims.Granted granted = RouteClaims.grant(claims, actual);
        desired.replaceAll((service, shape) -> shape.withRoutes(granted.routes().getOrDefault(service, List.of())));
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

    /** Everything that is wanted, known, recorded or there; but nothing new before its record is there, if it can be. */
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
        return services;
    }

    private Known recall(String service, Optional<ServiceTargets> actual) {
        Known before = known.get(service);
        Known now = before == null ? Known.adopt(records.of(key(service)), records.areRead(), actual) : before;
        if (now.sizes().isEmpty() && records.areRead()) {
            now = records.of(key(service))
                    .map(now::recall)
                    .orElse(new Known(now.serving(), Optional.of(Sizes.NONE), now.revision()));
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
        long before = known.containsKey(service) ? known.get(service).revision() : 0;
        long changed = sight.catalog().changedAt().getOrDefault(service, 0L);
        Known now = new Known(
                decision.serving(),
                decision.sizes(),
                Known.newest(before, changed, sight.catalog().revision()));
        known.put(service, now);
        if (!sight.synced() || now.sizes().isEmpty()) {
            return;
        }
        if (now.serving().isEmpty()) {
            records.delete(key(service));
            if (records.of(key(service)).isEmpty()) {
                known.remove(service);
            }
        } else {
            records.write(now.record(
                    service, provider.name(), records.watcher(), time.now(), decision, provider.synchronous()));
        }
    }

    /** By the newest catalog; most passes see the same one as the pass before. */
    private SortedMap<String, DesiredTargets> desired(Sight sight) {
        if (sight.catalog() != desiredBy) {
            desired = DesiredTargets.of(sight.catalog(), registration -> bindings.binds(provider.name(), registration));
            desiredBy = sight.catalog();
        }
        return desired;
    }

    private Records.Key key(String service) {
        return new Records.Key(service, provider.name());
    }
}
