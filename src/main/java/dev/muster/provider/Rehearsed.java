package dev.muster.provider;

import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Diff;
import dev.muster.plan.Effect;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A target at which nothing is changed: what would be done there is told, and from then on counts as done, until the target
 * itself is another.
 */
public final class Rehearsed implements Provider {

    private final Provider target;
    private final Consumer<Effect> told;
    private @Nullable SortedMap<String, ServiceTargets> found;
    private @Nullable SortedMap<String, ServiceTargets> pretended;
    private volatile List<Effect> effects = List.of();
    private volatile SortedMap<String, ServiceTargets> asked = new TreeMap<>();

    /** @param told of each thing that would be done, once */
    public Rehearsed(Provider target, Consumer<Effect> told) {
        this.target = target;
        this.told = told;
    }

    /** What would be done to the target as it is now. */
    public List<Effect> effects() {
        return effects;
    }

    /** What was asked for last, whether it can be had or not. */
    public SortedMap<String, ServiceTargets> asked() {
        return asked;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public boolean synchronous() {
        return target.synchronous();
    }

    @Override
    public SortedMap<String, ServiceTargets> actual() throws ProviderException {
        SortedMap<String, ServiceTargets> now = target.look();
        if (!now.equals(found)) {
            found = now;
            pretended = null;
            effects = List.of();
        }
        return pretended == null ? now : pretended;
    }

    @Override
    public SortedMap<String, ServiceTargets> look() throws ProviderException {
        return actual();
    }

    @Override
    public boolean disturbed() {
        return pretended == null && target.disturbed();
    }

    @Override
    public Optional<Refusal> unread(String service, About wanted) {
        return target.unread(service, wanted);
    }

    @Override
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        asked = desired;
        return target.possible(desired);
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        return target.refusals();
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        SortedMap<String, ServiceTargets> from = found == null ? new TreeMap<>() : found;
        List<Effect> before = effects;
        List<Effect> now = target.effects(Diff.between(plan.desired(), from));
        List<Effect> more = new ArrayList<>(now);
        more.removeAll(before);
        effects = List.copyOf(now);
        pretended = plan.desired();
        more.forEach(told);
    }

    @Override
    public SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
            throws ProviderException {
        return target.inFlight(targets);
    }

    @Override
    public Optional<Duration> safeAfter(String service) {
        return target.safeAfter(service);
    }

    @Override
    public void close() {
        target.close();
    }
}
