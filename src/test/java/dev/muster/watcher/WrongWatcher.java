package dev.muster.watcher;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.Serving;
import dev.muster.plan.Sizes;
import dev.muster.plan.TargetState;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A guard, or a fold before it, that is wrong on purpose, to show that the histories notice it. */
enum WrongWatcher {
    NONE,
    IGNORES_GOODBYES,
    TAKES_ABSENCES_FOR_GOODBYES,
    ASKS_NOBODY,
    FORGETS_THE_HOUR,
    BELIEVES_A_REGISTRY_OUT_OF_SYNC,
    BELIEVES_A_RESTORED_REGISTRY,
    BELIEVES_EVERY_CHECK,
    DRAINS_THE_LAST_ONE,
    HOLDS_A_BARE_ANSWER_FOR_MINUTES,
    FOLD_LOSES_GOODBYES,
    FOLD_LOSES_DELETIONS;

    /** The guard, which is told lies. */
    Function<Facts, Decision> guard() {
        return facts -> Guard.decide(
                switch (this) {
                    case IGNORES_GOODBYES -> goodbyes(facts, Map.of());
                    case TAKES_ABSENCES_FOR_GOODBYES -> goodbyes(facts, everybodys(facts));
                    case ASKS_NOBODY -> probes(facts, facts.now(), ProbeResult.SILENT);
                    case HOLDS_A_BARE_ANSWER_FOR_MINUTES ->
                        probes(facts, facts.now().minusSeconds(300), ProbeResult.SILENT);
                    case FORGETS_THE_HOUR -> sizes(facts);
                    case BELIEVES_A_REGISTRY_OUT_OF_SYNC -> trusted(facts, true, facts.unsettledUntil());
                    case BELIEVES_A_RESTORED_REGISTRY -> trusted(facts, facts.synced(), Instant.MIN);
                    case BELIEVES_EVERY_CHECK -> wanted(facts);
                    case DRAINS_THE_LAST_ONE -> serving(facts);
                    case NONE, FOLD_LOSES_GOODBYES, FOLD_LOSES_DELETIONS -> facts;
                });
    }

    private static Facts goodbyes(Facts facts, Map<InstanceId, Goodbye> goodbyes) {
        return new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                facts.serving(),
                facts.wanted(),
                goodbyes,
                facts.probes(),
                facts.sizes(),
                facts.released());
    }

    private static Map<InstanceId, Goodbye> everybodys(Facts facts) {
        Map<InstanceId, Goodbye> all = new HashMap<>();
        facts.serving().values().forEach(one -> {
            InstanceId id = one.as().instance();
            all.put(id, new Goodbye(id, Goodbye.Reason.ENDED, "host1", one.run().orElse(new Run("", ""))));
        });
        return all;
    }

    /** What has been missing since {@code before} counts as silent. */
    private static Facts probes(Facts facts, Instant before, ProbeResult result) {
        Map<Target, ProbeResult> probes = new HashMap<>(facts.probes());
        facts.serving().forEach((target, one) -> {
            if (!one.missingSince().orElse(facts.now()).isAfter(before)
                    && facts.probe(target) != ProbeResult.CHECK_PASSES) {
                probes.put(target, result);
            }
        });
        return new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                facts.serving(),
                facts.wanted(),
                facts.goodbyes(),
                probes,
                facts.sizes(),
                facts.released());
    }

    private static Facts sizes(Facts facts) {
        return new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                facts.serving(),
                facts.wanted(),
                facts.goodbyes(),
                facts.probes(),
                Optional.of(Sizes.NONE.with(facts.now().minusSeconds(1), 1)),
                facts.released());
    }

    private static Facts trusted(Facts facts, boolean synced, Instant unsettledUntil) {
        return new Facts(
                facts.now(),
                synced,
                unsettledUntil,
                facts.serving(),
                facts.wanted(),
                facts.goodbyes(),
                facts.probes(),
                facts.sizes(),
                facts.released());
    }

    private static Facts wanted(Facts facts) {
        SortedMap<Target, Wanted> wanted = new TreeMap<>();
        facts.wanted()
                .forEach((target, one) -> wanted.put(
                        target,
                        one.as().state() == InstanceState.DOWN
                                ? new Wanted(one.as(), Registration.REASON_PAUSED, one.run(), one.check(), one.owner())
                                : one));
        return new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                facts.serving(),
                wanted,
                facts.goodbyes(),
                facts.probes(),
                facts.sizes(),
                facts.released());
    }

    private static Facts serving(Facts facts) {
        SortedMap<Target, Serving> serving = new TreeMap<>();
        facts.serving()
                .forEach((target, one) -> serving.put(
                        target,
                        facts.wanted().containsKey(target)
                                ? new Serving(
                                        new TargetState(
                                                one.as().instance(),
                                                InstanceState.DRAINING,
                                                one.as().weight()),
                                        one.run(),
                                        one.check(),
                                        one.owner(),
                                        one.missingSince())
                                : one));
        return new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                serving,
                facts.wanted(),
                facts.goodbyes(),
                facts.probes(),
                facts.sizes(),
                facts.released());
    }
}
