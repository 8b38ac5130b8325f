package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.PersistentMap;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Diff;
import dev.muster.plan.Facts;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
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

    private final Provider provider;
    private final Records records;
    private final Time time;
    private final WatcherStatus status;
    private final Overrules overrules;
    private final Runnable finished;
    private final Wants wants;
    private final Attention attention;
    private final Bookkeeping books;
    private final Drains drains;
    private final Settled settled = new Settled();
    private final Shapes shapes;
    private final Deciding deciding;
    private final Told told = new Told();
    private final Pause pause;

    private @Nullable Catalog seenIn;
    private long readings;

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
        this.records = overrules.records();
        this.time = time;
        this.status = status;
        this.overrules = overrules;
        this.finished = finished;
        this.wants = new Wants(binding);
        this.attention = new Attention(time);
        this.drains = new Drains(provider, time);
        this.books = new Bookkeeping(provider, overrules, drains, time);
        this.shapes = new Shapes(provider.name(), new SettingsReading(binding.heeds()), status);
        this.deciding = new Deciding(guard, overrules, wants, books, settled, shapes);
        this.pause = new Pause(time, random);
    }

    /** What is missed and must be asked whether it still answers. */
    SortedMap<Target, CheckSpec> toProbe() {
        return deciding.toProbe();
    }

    /** How long to leave the provider alone, after a failure or since it rests; zero where neither is so. */
    Duration untilNextTry() {
        Duration rest = provider.rest();
        Duration left = pause.left();
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
        if (books.answers()) {
            for (String service : attention.open()) {
                boolean serves = !wants.of(service).targets().isEmpty();
                if (serves && !books.knows(service) && !books.isRecorded(service)) {
                    announced.add(service);
                }
            }
            books.announce(announced);
        }
        return announced;
    }

    /** These are not steered by a catalog that is older than their records. */
    void await(Set<String> services, long revision) {
        deciding.await(services, revision);
    }

    /** Whether anything waits for a newer catalog. */
    boolean awaits() {
        return deciding.awaits();
    }

    private void see(Sight sight) {
        Set<String> changed = wants.see(sight);
        changed.forEach(service -> books.notice(sight, service, wants.has(service)));
        attention.to(changed);
    }

    /** Reads, decides, compares, applies, and says so. */
    void pass(Sight sight) {
        see(sight);
        pause.see(sight.catalog());
        if (!untilNextTry().isZero()) {
            seen(sight);
            return;
        }
        SortedMap<String, Decision> anew = new TreeMap<>();
        try {
            SortedMap<String, ServiceTargets> actual = provider.actual();
            boolean atAll = isToAll(sight);
            Set<String> services = services(atAll, actual);
            PersistentMap<String, ServiceTargets> desired =
                    deciding.decide(sight, services, actual, unread(services), anew);
            Plan plan = Diff.between(provider.possible(desired), actual);
            if (!records.mayWrite()) {
                return; // another one leads by now, and reads for itself
            }
            if (!plan.changes().isEmpty() || provider.disturbed()) {
                provider.apply(plan);
            }
            finished.run();
            drains.count(anew);
            pause.end();
            records.failing(provider.name(), provider.failing());
            applied(sight, plan, desired, anew);
            records.spread(provider.name(), provider.spreads());
            // Whether what it has changed is so is for the next one to find.
            Set<String> changed = new TreeSet<>();
            plan.changes().forEach(change -> changed.add(change.service()));
            attention.looked(atAll, service -> !changed.contains(service) && needsNoLook(service));
            attention.to(changed);
        } catch (ProviderException e) {
            status.failed(provider.name(), e);
            pause.begin(sight.catalog());
            attention.toAll();
            seen(sight);
            books.perhaps(anew);
        }
    }

    /** What comes back and goes again while the provider is left alone was not missed in between. */
    private void seen(Sight sight) {
        if (sight.catalog() != seenIn) {
            seenIn = sight.catalog();
            books.seen(wants::of);
        }
    }

    /** Whether this look goes over all services. */
    private boolean isToAll(Sight sight) {
        boolean counts = settled.begin(sight);
        boolean readAnew = readings != records.readings();
        readings = records.readings();
        return !counts || readAnew || provider.disturbed() || attention.isToAll();
    }

    /** What this look goes over: everything that is wanted, known, recorded or there, or what may have changed of it. */
    private Set<String> services(boolean all, SortedMap<String, ServiceTargets> actual) {
        if (all) {
            attention.to(shapes.services());
            attention.to(actual.keySet());
            attention.to(books.services());
            attention.to(wants.services());
        } else {
            attention.to(PersistentMap.differing(shapes.steered(), actual));
        }
        return attention.open();
    }

    /** Settled, or nothing that is wanted, known, recorded or there. */
    private boolean needsNoLook(String service) {
        if (settled.has(service)) {
            return !shapes.isFaulty(service);
        }
        return !wants.has(service)
                && !books.knows(service)
                && !books.isRecorded(service)
                && !shapes.steered().containsKey(service);
    }

    /** By service, why nothing is decided of it. */
    private SortedMap<String, Refusal> unread(Set<String> services) {
        SortedMap<String, Refusal> unread = new TreeMap<>();
        services.forEach(service ->
                provider.unread(service, wants.of(service).about()).ifPresent(why -> unread.put(service, why)));
        return unread;
    }

    /** The provider has done what it can. */
    private void applied(
            Sight sight, Plan plan, PersistentMap<String, ServiceTargets> desired, SortedMap<String, Decision> anew) {
        SortedMap<String, ServiceTargets> inForce = provider.possible(desired);
        // Of some it may be found only now that nobody knows what stands of them.
        SortedMap<String, Refusal> unread = unread(attention.open());
        SortedMap<String, Refusal> refused = new TreeMap<>(provider.refusals());
        refused.putAll(unread);
        status.refused(provider.name(), refused);
        status.applied(
                provider.name(),
                without(plan, refused.keySet()),
                anew,
                time.elapsed(sight.receivedNanos()),
                sight.receivedNanos());
        status.guarded(provider.name(), deciding.guarded());
        shapes.applied(desired);
        told.now(anew.keySet(), shapes.refused(), refused).forEach((service, said) -> {
            Decision fresh = anew.get(service);
            if (unread.containsKey(service)) {
                attention.to(service);
                settled.forget(service);
                books.unread(sight, service, Optional.ofNullable(fresh), said);
                return;
            }
            Decision decision = fresh == null ? settled.decision(service) : fresh;
            if (decision == null || (fresh == null && said.equals(recorded(service)))) {
                return;
            }
            attention.to(service);
            if (sameTargets(desired.get(service), inForce.get(service))) {
                books.applied(sight, service, decision, said);
                settled.keep(service, sight, desired.get(service), decision, books.known(service), books.said(service));
            } else {
                settled.forget(service);
                books.refused(sight, service, decision, inForce.containsKey(service), said);
            }
            finished.run();
        });
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
        return books.said(service).map(Applied::refused).orElse(List.of());
    }

    private static boolean sameTargets(@Nullable ServiceTargets one, @Nullable ServiceTargets other) {
        return one == other || targets(one).equals(targets(other));
    }

    private static SortedMap<Target, TargetState> targets(@Nullable ServiceTargets service) {
        return service == null ? Collections.emptySortedMap() : service.targets();
    }
}
