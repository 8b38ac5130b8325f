package dev.muster.watcher;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Serving;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is under way at the targets of one provider that drain. A request may be between two workers in the moment in which
 * they are counted, so zero counts only once a second reading, a moment later, has confirmed it.
 */
final class Drains {

    static final Duration APART = Duration.ofMillis(50);
    static final Duration EVERY = Duration.ofSeconds(1);

    /** @param zeroNanos when zero was read that is still to be confirmed; null otherwise */
    private record Count(int inFlight, @Nullable Long zeroNanos) {}

    private final Provider provider;
    private final Time time;
    private SortedMap<String, SortedMap<Target, Count>> counts = new TreeMap<>();

    Drains(Provider provider, Time time) {
        this.provider = provider;
        this.time = time;
    }

    /** Counts what drains by these decisions, which are in force. */
    void count(SortedMap<String, Decision> decisions) throws ProviderException {
        SortedMap<String, SortedSet<Target>> draining = new TreeMap<>();
        decisions.forEach((service, decision) -> decision.serving().forEach((target, one) -> {
            if (drains(one)) {
                draining.computeIfAbsent(service, key -> new TreeSet<>()).add(target);
            }
        }));
        if (draining.isEmpty()) {
            counts = new TreeMap<>();
            return;
        }
        SortedMap<String, SortedMap<Target, Integer>> read = provider.inFlight(draining);
        SortedMap<String, SortedMap<Target, Count>> next = new TreeMap<>();
        read.forEach((service, ofService) -> {
            SortedMap<Target, Count> before = counts.getOrDefault(service, Collections.emptySortedMap());
            SortedMap<Target, Count> now = new TreeMap<>();
            ofService.forEach((target, requests) -> now.put(target, after(before.get(target), requests)));
            next.put(service, now);
        });
        counts = next;
    }

    private Count after(@Nullable Count before, int requests) {
        if (requests > 0) {
            return new Count(requests, null);
        }
        if (before == null) {
            return new Count(1, time.nanos());
        }
        Long zeroNanos = before.zeroNanos();
        if (zeroNanos == null) {
            return before.inFlight() == 0 ? before : new Count(before.inFlight(), time.nanos());
        }
        return time.elapsed(zeroNanos).compareTo(APART) >= 0 ? new Count(0, null) : before;
    }

    /** What there is to say of a service. */
    List<Applied.Draining> of(String service, Decision decision) {
        List<Applied.Draining> draining = new ArrayList<>();
        SortedMap<Target, Count> known = counts.getOrDefault(service, Collections.emptySortedMap());
        decision.serving().forEach((target, one) -> {
            if (drains(one)) {
                Count count = known.get(target);
                draining.add(new Applied.Draining(
                        one.as().instance(),
                        target,
                        count == null ? OptionalInt.empty() : OptionalInt.of(count.inFlight())));
            }
        });
        return draining;
    }

    /** When to look again, at the latest; {@code otherwise} where nothing that drains is busy. */
    Duration next(Duration otherwise) {
        Duration next = otherwise;
        for (SortedMap<Target, Count> ofService : counts.values()) {
            for (Count count : ofService.values()) {
                Duration wait = count.zeroNanos() != null ? APART : count.inFlight() > 0 ? EVERY : otherwise;
                next = wait.compareTo(next) < 0 ? wait : next;
            }
        }
        return next;
    }

    /** What a guard holds has nobody left who would wait for it to be empty. */
    private static boolean drains(Serving one) {
        return one.as().state() == InstanceState.DRAINING && one.missingSince().isEmpty();
    }
}
