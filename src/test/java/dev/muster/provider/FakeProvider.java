package dev.muster.provider;

import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Change;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Spread;
import dev.muster.plan.TargetState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A target in memory that does what a real one promises: changes are made one by one, and an outage may cut them short. */
public final class FakeProvider implements Provider {

    private final String name;
    private final SortedMap<String, ServiceTargets> outside;
    private final List<Change> applied = new ArrayList<>();
    private Optional<String> outage = Optional.empty();
    private int failAfter = Integer.MAX_VALUE;
    private int writes;
    private final SortedMap<Target, Integer> underWay = new TreeMap<>();
    private Optional<Duration> safeAfter = Optional.empty();
    private final Map<String, Spread> spreads = new TreeMap<>();
    private final SortedMap<String, SortedSet<Target>> failing = new TreeMap<>();
    private boolean disturbed;
    private Runnable onRead = () -> {};
    private Runnable onApply = () -> {};
    private Duration rest = Duration.ZERO;
    private Refusals refusals = new Refusals(true, System::nanoTime);
    private Predicate<ServiceTargets> refuses = any -> false;
    private boolean refusesTargets;
    private Predicate<String> hidden = any -> false;
    private long looks;

    public FakeProvider(String name) {
        this(name, Collections.synchronizedSortedMap(new TreeMap<>()));
    }

    /** @param outside what outlives the provider; several may share it */
    public FakeProvider(String name, SortedMap<String, ServiceTargets> outside) {
        this.name = name;
        this.outside = outside;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean synchronous() {
        return safeAfter.isEmpty();
    }

    @Override
    public Optional<Duration> safeAfter(String service) {
        return safeAfter;
    }

    @Override
    public SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
            throws ProviderException {
        if (outage.isPresent()) {
            throw new ProviderException(outage.get());
        }
        SortedMap<String, SortedMap<Target, Integer>> counted = new TreeMap<>();
        targets.forEach((service, some) -> {
            SortedMap<Target, Integer> ofService = new TreeMap<>();
            some.forEach(target -> ofService.put(target, underWay.getOrDefault(target, 0)));
            counted.put(service, ofService);
        });
        return counted;
    }

    @Override
    public SortedMap<String, ServiceTargets> actual() throws ProviderException {
        if (outage.isPresent()) {
            throw new ProviderException(outage.get());
        }
        onRead.run();
        refusals.begin();
        SortedMap<String, ServiceTargets> seen = new TreeMap<>(outside);
        seen.keySet().removeIf(hidden);
        return seen;
    }

    @Override
    public Optional<Refusal> unread(String service, About wanted) {
        return hidden.test(service) ? Optional.of(new Refusal("account", "it is not read")) : Optional.empty();
    }

    /** From now on nobody can tell what stands of such services. */
    public void hide(Predicate<String> such) {
        hidden = such;
    }

    @Override
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        return refusals.possible(desired);
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        return refusals.told();
    }

    /** From now on such services are refused, each alone; their targets come and go all the same. */
    public void refuse(Predicate<ServiceTargets> such) {
        refuses = such;
    }

    /** From now on nothing of such services changes, and they are tried again at each look. */
    public void refuseWhole(Predicate<ServiceTargets> such) {
        refuses = such;
        refusesTargets = true;
        refusals = new Refusals(false, () -> Duration.ofMinutes(++looks).toNanos());
    }

    @Override
    public boolean disturbed() {
        return disturbed;
    }

    @Override
    public Duration rest() {
        return rest;
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        disturbed = false;
        Predicate<String> before = hidden;
        onApply.run();
        SortedMap<String, String> refused = new TreeMap<>();
        plan.desired().values().stream()
                .filter(refuses)
                .forEach(service -> refused.put(service.service(), "it does not like it"));
        refusals.add(plan.desired(), new Isolation.Found(new TreeMap<>(outside), refused));
        for (Change change : plan.changes()) {
            if (refused.containsKey(change.service()) && (refusesTargets || change instanceof Change.Shape)) {
                continue;
            }
            if (outage.isPresent() || failAfter-- <= 0) {
                failAfter = Integer.MAX_VALUE;
                throw new ProviderException(outage.orElse("cut short"));
            }
            if (before.test(change.service())) {
                throw new IllegalStateException("of " + change.service() + " nobody knows what stands: " + change);
            }
            if (hidden.test(change.service())) {
                continue;
            }
            writes++;
            applied.add(change);
            apply(change);
        }
    }

    private void apply(Change change) {
        switch (change) {
            case Change.Shape shape -> {
                ServiceTargets to = shape.desired();
                SortedMap<Target, TargetState> kept = outside.containsKey(to.service())
                        ? outside.get(to.service()).targets()
                        : new TreeMap<>();
                outside.put(to.service(), to.withTargets(kept));
            }
            case Change.Describe describe ->
                outside.computeIfPresent(
                        describe.service(),
                        (key, was) -> was.withAbout(describe.desired().about()));
            case Change.Drop drop -> outside.remove(drop.service());
            case Change.Add add -> edit(add.service(), targets -> targets.put(add.target(), add.state()));
            case Change.Update update -> edit(update.service(), targets -> targets.put(update.target(), update.to()));
            case Change.Remove remove -> edit(remove.service(), targets -> targets.remove(remove.target()));
        }
    }

    /** A person's hand, or the next step of a plan. */
    public void edit(String service, Consumer<SortedMap<Target, TargetState>> hand) {
        outside.computeIfPresent(service, (key, was) -> {
            SortedMap<Target, TargetState> targets = new TreeMap<>(was.targets());
            hand.accept(targets);
            return was.withTargets(targets);
        });
    }

    /** What stands there of a service. */
    public SortedMap<Target, TargetState> servedNow(String service) {
        ServiceTargets found = outside.get(service);
        return found == null ? new TreeMap<>() : found.targets();
    }

    /** From now on so many requests are under way there. */
    public void underWay(Target target, int requests) {
        underWay.put(target, requests);
    }

    /** From now on a change is in force only so long after it was made. */
    public void safeAfter(Duration delay) {
        safeAfter = Optional.of(delay);
    }

    /** So far a service's newest change has come. */
    public void spread(String service, Spread spread) {
        spreads.put(service, spread);
    }

    /** As one that has just begun. */
    public void forgetSpreads() {
        spreads.clear();
    }

    @Override
    public Map<String, Spread> spreads() {
        return spreads;
    }

    /** Of these, and of no others, its own check fails from now on. */
    public void failing(String service, Target... targets) {
        failing.clear();
        if (targets.length > 0) {
            failing.put(service, new TreeSet<>(List.of(targets)));
        }
    }

    @Override
    public SortedMap<String, SortedSet<Target>> failing() {
        return new TreeMap<>(failing);
    }

    /** From now on nothing can be read or written; empty ends it. */
    public void outage(Optional<String> message) {
        outage = message;
    }

    /** Runs at each reading, as what happens elsewhere in that moment. */
    public void onRead(Runnable action) {
        onRead = action;
    }

    /** Told before anything is changed. */
    public void onApply(Runnable action) {
        onApply = action;
    }

    /** Something is found that no plan shows; the next apply puts it right. */
    public void disturb() {
        disturbed = true;
    }

    /** It wants to be left alone so long. */
    public void restFor(Duration duration) {
        rest = duration;
    }

    /** The next plan fails after so many of its changes. */
    public void cutShortAfter(int changes) {
        failAfter = changes;
    }

    /** Every change that was made, in order. */
    public List<Change> applied() {
        return List.copyOf(applied);
    }

    public int writes() {
        return writes;
    }

    @Override
    public void close() {}
}
