package dev.muster.plan;

import dev.muster.model.Goodbye;
import dev.muster.model.InOrder;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import dev.muster.plan.Decision.Cause;
import dev.muster.plan.Decision.Removal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rule that may hold removals back. A departure that was announced goes at once; one that was not is an absence,
 * which proves nothing by itself: it waits until the registry can be trusted and a probe has found nobody there, and then
 * never takes a binding below half of the last hour's largest size. Pure: the same facts give the same decision.
 */
public final class Guard {

    /** What stands in the target and is wanted there no more; {@code known} when an earlier decision has held it already. */
    private record Missing(Target target, Serving serving, Instant since, boolean known) {}

    private final Facts facts;
    private final Set<InstanceId> wantedInstances = new HashSet<>();
    private final SortedMap<Target, Serving> held = new TreeMap<>();
    private final List<Hold> holds = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private final List<Missing> mayGo = new ArrayList<>();

    private Guard(Facts facts) {
        this.facts = facts;
        facts.wanted().values().forEach(one -> wantedInstances.add(one.as().instance()));
    }

    public static Decision decide(Facts facts) {
        return new Guard(facts).decide();
    }

    private Decision decide() {
        InOrder.<Target, Serving, Wanted>both(facts.serving(), facts.wanted(), (target, one, wanted) -> {
            // A target that another instance has by now is that instance's; the old one has nothing left to hold.
            if (one != null && wanted == null) {
                missing(new Missing(
                        target,
                        one,
                        one.missingSince().orElse(facts.now()),
                        one.missingSince().isPresent()));
            }
        });
        Optional<Sizes> before = facts.sizes()
                .map(sizes -> sizes.with(facts.now(), facts.serving().size()).lowered(meant()));
        before.ifPresent(this::expire);

        InService inService = InService.of(facts.wanted(), facts.serving());
        SortedMap<Target, Serving> serving = new TreeMap<>(inService.serving());
        serving.putAll(held);
        holds.sort(Comparator.comparing(Hold::target));
        removals.sort(Comparator.comparing(Removal::target));
        return new Decision(
                serving,
                holds,
                removals,
                inService.failOpen(),
                inService.last(),
                before.map(sizes -> sizes.with(facts.now(), serving.size())));
    }

    private void missing(Missing one) {
        Optional<Goodbye> goodbye = goodbye(one.serving());
        if (wantedInstances.contains(one.serving().as().instance())) {
            said(one, Cause.REPLACED, "it is at another endpoint by now");
        } else if (goodbye.isPresent()) {
            said(one, Cause.ANNOUNCED, "goodbye: " + goodbye.get().reason().text());
        } else {
            unannounced(one);
        }
    }

    /**
     * A goodbye counts when it names the run that stands there. Where nobody knows which run that is, the registry's newest
     * word does: while that is not heard, another run may have begun since.
     */
    private Optional<Goodbye> goodbye(Serving one) {
        return Optional.ofNullable(facts.goodbyes().get(one.as().instance()))
                .filter(said -> one.run().map(said.run()::equals).orElse(facts.synced()));
    }

    /**
     * A restored registry may bring back a goodbye that was taken back since, or an endpoint that was left since: until it
     * settles, a probe has the last word.
     */
    private void said(Missing one, Cause cause, String why) {
        if (facts.unsettled() && facts.probe(one.target()) != ProbeResult.SILENT) {
            hold(
                    one,
                    "%s; but the registry was replaced or restored, is settling until %s, and it may still answer"
                            .formatted(why, facts.unsettledUntil()));
        } else {
            remove(one, cause, why);
        }
    }

    private void unannounced(Missing one) {
        if (!facts.synced()) {
            hold(one, "not registered; nothing is removed while the registry is out of sync");
        } else if (facts.unsettled()) {
            hold(
                    one,
                    "not registered; the registry was replaced or restored and is settling until "
                            + facts.unsettledUntil());
        } else if (one.known() && facts.released().containsKey(one.target())) {
            remove(one, Cause.RELEASED, "released by " + facts.released().get(one.target()));
        } else if (facts.sizes().isEmpty()) {
            hold(one, "its registration expired; how many there were in the last hour could not be read");
        } else {
            probed(one);
        }
    }

    private void probed(Missing one) {
        Instant bound = one.since().plus(Sizes.SPAN);
        switch (facts.probe(one.target())) {
            case NOT_PROBED -> hold(one, "its registration expired; it is being probed");
            case CHECK_PASSES -> hold(one, "its registration expired, but its check passes");
            case BARE_TCP -> {
                if (facts.now().isBefore(bound)) {
                    hold(one, "its registration expired, but it accepts connections; held until " + bound);
                } else {
                    mayGo.add(one);
                }
            }
            case SILENT -> mayGo.add(one);
        }
    }

    /** Lets go of as many as half of the last hour's largest size allows: the silent first, and the longest missing first. */
    private void expire(Sizes sizes) {
        int largest = sizes.largest(facts.now());
        int least = Math.max(1, (largest + 1) / 2);
        int left = facts.wanted().size() + held.size() + mayGo.size();
        int maySpare = Math.clamp(left - least, 0, mayGo.size());
        mayGo.sort(Comparator.comparing((Missing one) -> facts.probe(one.target()) != ProbeResult.SILENT)
                .thenComparing(Missing::since)
                .thenComparing(Missing::target));
        for (Missing one : mayGo.subList(0, maySpare)) {
            remove(one, Cause.EXPIRED, "its registration expired and it does not answer");
        }
        for (Missing one : mayGo.subList(maySpare, mayGo.size())) {
            hold(
                    one,
                    "its registration expired and it does not answer, but of %d in the last hour %d are left, and at least %d stay"
                            .formatted(largest, left - maySpare, least));
        }
    }

    private void hold(Missing one, String why) {
        Serving was = one.serving();
        held.put(one.target(), new Serving(was.as(), was.run(), was.check(), was.owner(), Optional.of(one.since())));
        holds.add(new Hold(was.as().instance(), one.target(), one.since(), why));
    }

    private void remove(Missing one, Cause cause, String why) {
        removals.add(new Removal(one.target(), one.serving(), cause, why));
    }

    /** Departures that somebody meant: they are no loss, so they lower the sizes that the guard goes by. */
    private int meant() {
        return (int) removals.stream()
                .filter(removal -> removal.cause() == Cause.ANNOUNCED || removal.cause() == Cause.RELEASED)
                .count();
    }
}
