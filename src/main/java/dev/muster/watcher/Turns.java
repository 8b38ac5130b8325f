package dev.muster.watcher;

import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.provider.Provider;
import dev.muster.reconcile.Time;
import dev.muster.registry.Election;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Says whose turn it is at each provider of one watcher.
 *
 * @param finished told whenever something of a pass is done
 */
record Turns(
        Watcher.Registry registry,
        Bindings bindings,
        Time time,
        WatcherStatus status,
        RandomGenerator random,
        Function<Facts, Decision> guard,
        Runnable finished) {

    /** @param own of the targets that nobody shares */
    Turn of(Provider provider, Overrules own) {
        Election election = registry.elections().get(provider.name());
        if (election == null) {
            return Turn.always(steering(provider, own));
        }
        return Turn.ofLeader(
                election,
                mandate -> steering(provider, overrules(records(election.group(), Optional.of(mandate)))),
                () -> status.standsBy(provider.name()));
    }

    Records records(String name, Optional<Mandate> mandate) {
        return new Records(registry.progress(), name, mandate, time, random);
    }

    Overrules overrules(Records records) {
        return new Overrules(registry.releases(), registry.progress(), records, time);
    }

    private Steering steering(Provider provider, Overrules overrules) {
        return new Steering(provider, bindings.of(provider.name()), time, status, random, guard, overrules, finished);
    }
}
