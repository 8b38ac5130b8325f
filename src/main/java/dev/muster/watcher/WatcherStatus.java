package dev.muster.watcher;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.Change;
import dev.muster.plan.Decision;
import dev.muster.plan.Hold;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.RouteClaims;
import dev.muster.plan.TargetState;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.WatcherMetrics;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a watcher has to say of itself, in the log once per transition, and at any time to whoever asks. Thread-safe. */
public final class WatcherStatus {

    private static final Logger log = LoggerFactory.getLogger(WatcherStatus.class);
    private static final int LINES = 50;
    private static final String NOT_YET = "the first pass has not ended yet";

    /** What the guard does at one provider. */
    private record Guarded(SortedMap<Target, Hold> held, SortedSet<String> failOpen) {
        static final Guarded NOTHING = new Guarded(new TreeMap<>(), new TreeSet<>());
    }

    private final WatcherMetrics metrics;
    private final List<String> providers;
    private final boolean rehearsal;
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Map<String, Guarded> guarded = new ConcurrentHashMap<>();
    private final Map<String, SortedSet<String>> refused = new ConcurrentHashMap<>();
    private final Map<String, SortedMap<String, Refusal>> services = new ConcurrentHashMap<>();
    private final Map<String, Long> newest = new HashMap<>();

    /** Those that the last pass has changed. */
    private final Set<String> moved = new TreeSet<>();

    private volatile Optional<String> registry = Optional.of("the registry has not been read yet");

    /** @param providers that are to be in step before this watcher is ready */
    public WatcherStatus(List<String> providers, WatcherMetrics metrics) {
        this(providers, metrics, false);
    }

    /** @param rehearsal whether what is applied is only said: whoever pretends to apply it says what it is */
    public WatcherStatus(List<String> providers, WatcherMetrics metrics, boolean rehearsal) {
        this.providers = List.copyOf(providers);
        this.metrics = metrics;
        this.rehearsal = rehearsal;
        providers.forEach(provider -> troubles.put(provider, NOT_YET));
    }

    /** @return the reason why not, empty when the registry is in sync and every provider is in step with it */
    public Optional<String> notReady() {
        return registry.or(() -> providers.stream()
                .filter(troubles::containsKey)
                .map(provider -> provider + ": " + troubles.get(provider))
                .findFirst());
    }

    /** By provider that could not be brought in step: why. */
    SortedMap<String, String> failures() {
        SortedMap<String, String> failures = new TreeMap<>(troubles);
        failures.values().removeIf(NOT_YET::equals);
        return failures;
    }

    /** What the last pass has changed, in words: whether that is all, the next one tells. For the passes' own thread. */
    Optional<String> moved() {
        return moved.stream().findFirst().map(provider -> provider + " has just been changed");
    }

    /** What the guard holds at one provider. */
    public List<Hold> holds(String provider) {
        return List.copyOf(
                guarded.getOrDefault(provider, Guarded.NOTHING).held().values());
    }

    /** What the guard holds, at any provider. */
    public List<Hold> holds() {
        return guarded.values().stream()
                .flatMap(one -> one.held().values().stream())
                .toList();
    }

    /** What of settings and routes is not in force at any provider, and why, in sentences. */
    public SortedSet<String> refusals() {
        TreeSet<String> all = new TreeSet<>();
        providers.forEach(provider -> all.addAll(refusals(provider)));
        return all;
    }

    /** The same at one provider. */
    public SortedSet<String> refusals(String provider) {
        TreeSet<String> all = new TreeSet<>(refused.getOrDefault(provider, new TreeSet<>()));
        services.getOrDefault(provider, new TreeMap<>())
                .forEach((service, refusal) -> all.add(sentence(service, refusal)));
        return all;
    }

    private static String sentence(String service, Refusal refusal) {
        return "service %s is not taken as it is to be, %s".formatted(service, refusal);
    }

    /** @param now by service, what the provider does not take of it */
    void refused(String provider, SortedMap<String, Refusal> now) {
        SortedMap<String, Refusal> before = services.getOrDefault(provider, new TreeMap<>());
        if (now.equals(before)) {
            return;
        }
        services.put(provider, now);
        now.entrySet().stream()
                .filter(one -> !one.getValue().equals(before.get(one.getKey())))
                .limit(LINES)
                .forEach(one -> log.warn("{}: {}", shown(provider), sentence(one.getKey(), one.getValue())));
        before.keySet().stream()
                .filter(service -> !now.containsKey(service))
                .limit(LINES)
                .forEach(service -> log.info("{}: service {} is taken as it is to be", shown(provider), service));
        metrics.refused(provider, now.size());
    }

    /** @param faults what is wrong with settings, by {@code service/setting} */
    void shape(String provider, SortedMap<String, String> faults, List<RouteClaims.Lost> lost) {
        SortedSet<String> now = new TreeSet<>();
        faults.forEach((setting, fault) -> now.add("setting %s is not taken: %s".formatted(setting, fault)));
        lost.forEach(route -> now.add(route.toString()));
        SortedSet<String> before = refused.getOrDefault(provider, new TreeSet<>());
        if (now.equals(before)) {
            return;
        }
        refused.put(provider, now);
        now.stream()
                .filter(refusal -> !before.contains(refusal))
                .limit(LINES)
                .forEach(refusal -> log.warn("{}: {}", shown(provider), refusal));
        before.stream()
                .filter(refusal -> !now.contains(refusal))
                .limit(LINES)
                .forEach(refusal -> log.info("{}: no longer so: {}", shown(provider), refusal.split(": ", 2)[0]));
        metrics.shape(provider, faults.size(), lost.size());
    }

    void registry(Optional<String> trouble) {
        if (trouble.isPresent() != registry.isPresent()) {
            trouble.ifPresentOrElse(
                    what -> log.warn("{}, targets stay as they are", what), () -> log.info("the registry is in sync"));
        }
        registry = trouble;
    }

    void failed(String provider, ProviderException e) {
        metrics.failed(provider);
        moved.remove(provider);
        String words = String.valueOf(e.getMessage());
        if (!words.equals(troubles.put(provider, words))) {
            log.warn("{} cannot be brought in step, will go on trying: {}", shown(provider), words);
        }
    }

    /** Another watcher steers it. */
    void standsBy(String provider) {
        troubles.remove(provider);
        newest.remove(provider);
        moved.remove(provider);
        if (services.remove(provider) != null) {
            metrics.refused(provider, 0);
        }
        guarded(provider, Collections.emptySortedMap());
        shape(provider, Collections.emptySortedMap(), List.of());
    }

    /**
     * @param decisions which led to the plan
     * @param took since the newest change of the registry, which arrived at {@code receivedNanos}
     */
    void applied(String provider, Plan plan, SortedMap<String, Decision> decisions, Duration took, long receivedNanos) {
        if (troubles.remove(provider) != null) {
            log.info(
                    rehearsal ? "{} has been looked at" : "{} is in step, {} change(s)",
                    shown(provider),
                    plan.changes().size());
        }
        if (plan.changes().isEmpty()) {
            moved.remove(provider);
        } else {
            moved.add(provider);
        }
        Long before = newest.put(provider, receivedNanos);
        if (!plan.changes().isEmpty()) {
            metrics.applied(provider, plan.changes().size());
            if (before == null || before != receivedNanos) {
                metrics.propagation(provider, took);
            }
        }
        Map<Target, String> reasons = new HashMap<>();
        decisions
                .values()
                .forEach(decision ->
                        decision.removals().forEach(removal -> reasons.put(removal.target(), removal.why())));
        List<Change> changes = rehearsal ? List.of() : plan.changes();
        changes.stream().limit(LINES).forEach(change -> say(provider, change, reasons));
        if (changes.size() > LINES) {
            log.info("{}: and {} more changes", provider, changes.size() - LINES);
        }
    }

    private String shown(String provider) {
        return rehearsal ? provider + " (dry run)" : provider;
    }

    private static void say(String provider, Change change, Map<Target, String> reasons) {
        switch (change) {
            case Change.Shape shape -> log.info("{}: service {} has its place", provider, shape.service());
            case Change.Describe describe -> log.debug("{}: {} is described anew", provider, describe.service());
            case Change.Drop drop -> log.info("{}: service {} has left", provider, drop.service());
            case Change.Add add ->
                log.info("{}: {} {} at {}", provider, add.state().instance(), words(add.state()), add.target());
            case Change.Update update ->
                log.info("{}: {} {} at {}", provider, update.to().instance(), words(update.to()), update.target());
            case Change.Remove remove ->
                log.info(
                        "{}: {} out of {} ({})",
                        provider,
                        remove.last().instance(),
                        remove.target(),
                        reasons.getOrDefault(remove.target(), "nobody registered it"));
        }
    }

    private static String words(TargetState state) {
        return state.state() == InstanceState.UP ? "in service" : state.state().text();
    }

    /** @param decisions all of those by which something is held or kept in service */
    void guarded(String provider, SortedMap<String, Decision> decisions) {
        SortedMap<Target, Hold> held = new TreeMap<>();
        SortedSet<String> failOpen = new TreeSet<>();
        decisions.forEach((service, decision) -> {
            decision.holds().forEach(hold -> held.put(hold.target(), hold));
            if (decision.failOpen()) {
                failOpen.add(service);
            }
        });
        Guarded before = guarded.getOrDefault(provider, Guarded.NOTHING);
        Guarded now = new Guarded(held, failOpen);
        if (now.equals(before)) {
            return;
        }
        guarded.put(provider, now);
        held.values().stream()
                .filter(hold -> !hold.equals(before.held().get(hold.target())))
                .limit(LINES)
                .forEach(hold ->
                        log.warn("{}: {} held at {}: {}", shown(provider), hold.instance(), hold.target(), hold.why()));
        failOpen.stream()
                .filter(service -> !before.failOpen().contains(service))
                .forEach(service -> log.warn(
                        "{}: of {} more than half fail their checks; they are kept in service",
                        shown(provider),
                        service));
        before.failOpen().stream()
                .filter(service -> !failOpen.contains(service))
                .forEach(service -> log.info("{}: the checks of {} are believed again", shown(provider), service));
        metrics.guard(provider, held.size(), failOpen.size());
    }
}
