package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.InOrder;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Serving;
import dev.muster.plan.Sizes;
import dev.muster.plan.TargetState;
import dev.muster.plan.Wanted;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a watcher knows of one service at one provider.
 *
 * @param sizes empty while its record has not been read
 * @param revision the newest change of the service that is applied
 * @param since when each target came to stand there as it does, as far as that is known
 */
record Known(
        SortedMap<Target, Serving> serving, Optional<Sizes> sizes, long revision, Map<Target, Applied.Since> since) {

    private static final Run UNKNOWN = new Run("", "");

    /** At first sight: what the record says, and what stands there although no record says so. */
    static Known adopt(Optional<Applied> record, boolean recordsAreRead, Optional<ServiceTargets> actual) {
        Map<Target, Serving> serving = new HashMap<>(record.map(Known::recorded).orElse(Map.of()));
        actual.ifPresent(found -> found.targets()
                .forEach((target, as) -> serving.merge(
                        target,
                        new Serving(as, Optional.empty(), CheckSpec.UNKNOWN, "", Optional.empty()),
                        (said, here) -> said.as().instance().equals(here.as().instance()) ? said : here)));
        Optional<Sizes> sizes = record.map(said -> new Sizes(said.sizes()))
                .or(() -> recordsAreRead ? Optional.of(Sizes.NONE) : Optional.empty());
        return new Known(
                new TreeMap<>(serving),
                sizes,
                record.map(Applied::revision).orElse(0L),
                record.map(Known::times).orElse(Map.of()));
    }

    /** The same where there is no record that would say more. */
    Known withoutRecord() {
        return new Known(serving, Optional.of(Sizes.NONE), revision, since);
    }

    /** The same with what the record knows better of what is there: runs, checks, and since when it is missed. */
    Known recall(Applied record) {
        SortedMap<Target, Serving> all = new TreeMap<>(serving);
        recorded(record)
                .forEach((target, said) -> all.computeIfPresent(
                        target,
                        (key, here) -> here.run().isEmpty()
                                        && here.as().instance().equals(said.as().instance())
                                ? said
                                : here));
        Map<Target, Applied.Since> times = new HashMap<>(since);
        times.putAll(times(record));
        return new Known(all, Optional.of(new Sizes(record.sizes())), record.revision(), times);
    }

    private static Map<Target, Applied.Since> times(Applied record) {
        Map<Target, Applied.Since> times = new HashMap<>();
        record.targets().forEach(entry -> times.put(entry.target(), entry.since()));
        return times;
    }

    private static Map<Target, Serving> recorded(Applied record) {
        Map<Target, Instant> missingSince = new HashMap<>();
        record.held().forEach(hold -> missingSince.put(hold.target(), hold.since()));
        Map<Target, Serving> recorded = new HashMap<>();
        for (Applied.Entry entry : record.targets()) {
            recorded.put(
                    entry.target(),
                    new Serving(
                            new TargetState(entry.instance(), entry.state(), entry.weight()),
                            Optional.of(entry.run())
                                    .filter(run -> !run.containerId().isEmpty()),
                            entry.check(),
                            entry.owner(),
                            Optional.ofNullable(missingSince.get(entry.target()))));
        }
        return recorded;
    }

    /**
     * After a change that may have been made in part: also what was to be added may stand there. Since when something is
     * missed is known all the same, or a balancer that fails would make each hold begin anew. How many those are counts, since
     * whoever removes some of them a little later must not take them for fewer than there were.
     */
    Known perhaps(Decision decision, Instant now) {
        SortedMap<Target, Serving> all = new TreeMap<>(decision.serving());
        serving.forEach((target, before) -> all.merge(
                target, before, (decided, was) -> decided.missingSince().isPresent() ? decided : was));
        return new Known(all, sizes.map(known -> known.with(now, all.size())), revision, since);
    }

    /** What it is once this decision is in force; what came to stand there by it does so since {@code now}. */
    Known after(Decision decision, long newRevision, Applied.Since now) {
        if (serving.equals(decision.serving())) {
            return new Known(decision.serving(), decision.sizes(), newRevision, since);
        }
        Map<Target, Applied.Since> times = new HashMap<>();
        InOrder.<Target, Serving, Serving>both(serving, decision.serving(), (target, before, one) -> {
            if (one != null) {
                boolean same = before != null && standsAs(before, one);
                times.put(target, same ? since.getOrDefault(target, now) : now);
            }
        });
        return new Known(decision.serving(), decision.sizes(), newRevision, times);
    }

    private static boolean standsAs(Serving before, Serving one) {
        return before.as().instance().equals(one.as().instance())
                && before.as().state() == one.as().state()
                && before.run().equals(one.run());
    }

    /**
     * The newest of both revisions, since a later reading may no longer show what a departure changed; but a revision from
     * the future is from before the registry was restored from an older state.
     */
    static long newest(long known, long changed, long catalog) {
        return known > catalog ? changed : Math.max(known, changed);
    }

    /** What everybody may know of it. */
    Applied record(Place place, Instant at, Decision decision, Applied.Leaving leaving, long released) {
        List<Applied.Entry> entries = new ArrayList<>();
        serving.forEach((target, one) -> entries.add(new Applied.Entry(
                one.as().instance(),
                target,
                one.run().orElse(UNKNOWN),
                one.check(),
                one.as().state(),
                one.as().weight(),
                one.owner(),
                since.getOrDefault(target, Applied.Since.UNKNOWN))));
        return new Applied(
                place.service(),
                place.provider(),
                place.watcher(),
                revision,
                at,
                entries,
                decision.holds(),
                decision.failOpen(),
                sizes.orElse(Sizes.NONE).points(),
                leaving,
                released);
    }

    /** The same where it is missed no more what is registered again, although nothing could be decided of it meanwhile. */
    Known seen(SortedMap<Target, Wanted> wanted) {
        SortedMap<Target, Serving> all = new TreeMap<>(serving);
        all.replaceAll((target, one) -> {
            Wanted now = wanted.get(target);
            boolean back = one.missingSince().isPresent()
                    && now != null
                    && now.as().instance().equals(one.as().instance());
            return back ? new Serving(one.as(), one.run(), one.check(), one.owner(), Optional.empty()) : one;
        });
        return all.equals(serving) ? this : new Known(all, sizes, revision, since);
    }

    /** The same once nothing of it is there, since it was refused. */
    Known leftOut(long newRevision) {
        return new Known(new TreeMap<>(), sizes, newRevision, Map.of());
    }

    /**
     * The record of a service of which nothing is there: it is about to be steered, or was refused.
     *
     * @param revision 0 where it is not steered yet
     */
    static Applied nothing(Place place, long revision, Instant at, Optional<Duration> safeAfter) {
        return new Applied(
                place.service(),
                place.provider(),
                place.watcher(),
                revision,
                at,
                List.of(),
                List.of(),
                false,
                Sizes.NONE.points(),
                new Applied.Leaving(List.of(), Optional.empty(), safeAfter),
                0);
    }

    /** What a record is about, and whose it is. */
    record Place(String service, String provider, String watcher) {}
}
