package dev.muster.registry;

import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.plan.Refusal;
import dev.muster.plan.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a watcher has brought to one target, as it tells everybody: {@code /muster/applied/<service>/<provider>/<watcher>}.
 *
 * @param revision the newest revision at which a key of the service changed and that is applied
 * @param at when it was applied
 * @param targets what is in the target
 * @param held what the guard keeps there, and why
 * @param failOpen instances whose check fails are kept in service, since too few would be left
 * @param sizes the largest number of targets from each instant to now, over the last hour
 * @param leaving what somebody has to know who waits for an instance to be out of use
 * @param released the revision of the newest {@link Release} that was obeyed, 0 where none was
 * @param refused what the service asks for and does not get there
 * @param spread how far its newest change has come; empty where that is not known, or nothing takes its time
 * @param failing what is in service there and gets no requests, since a check of the target's own fails
 */
public record Applied(
        String service,
        String provider,
        String watcher,
        long revision,
        Instant at,
        List<Entry> targets,
        List<Hold> held,
        boolean failOpen,
        SortedMap<Instant, Integer> sizes,
        Leaving leaving,
        long released,
        List<Refusal> refused,
        Optional<Spread> spread,
        SortedSet<Target> failing) {

    public Applied {
        refused = List.copyOf(refused);
        failing = Collections.unmodifiableSortedSet(new TreeSet<>(failing));
    }

    /** One of a service that gets all that it asks for. */
    public Applied(
            String service,
            String provider,
            String watcher,
            long revision,
            Instant at,
            List<Entry> targets,
            List<Hold> held,
            boolean failOpen,
            SortedMap<Instant, Integer> sizes,
            Leaving leaving,
            long released) {
        this(
                service,
                provider,
                watcher,
                revision,
                at,
                targets,
                held,
                failOpen,
                sizes,
                leaving,
                released,
                List.of(),
                Optional.empty(),
                new TreeSet<>());
    }

    /**
     * @param state as it is treated there, which a guard may have decided
     * @param since when it came to stand there as it does: in this run and this state
     */
    public record Entry(
            InstanceId instance,
            Target target,
            Run run,
            CheckSpec check,
            InstanceState state,
            int weight,
            String owner,
            Since since) {}

    /**
     * @param at by the watcher's clock; {@link Instant#EPOCH} where a record does not say it
     * @param revision which the service had reached by then
     * @param took from the arrival of the news at the watcher to its being in force; empty where no news led to it
     */
    public record Since(Instant at, long revision, Optional<Duration> took) {
        public static final Since UNKNOWN = new Since(Instant.EPOCH, 0, Optional.empty());
    }

    /**
     * @param draining what gets no new requests; what a guard keeps in service is not among them
     * @param last the last instance that was up and now drains: it stays in service until its goodbye, so that nobody waits
     *     for it to be empty
     * @param safeAfter how long after {@code at} a change is in force for everybody; empty where it is once it is recorded
     */
    public record Leaving(List<Draining> draining, Optional<InstanceId> last, Optional<Duration> safeAfter) {
        public static final Leaving NOTHING = new Leaving(List.of(), Optional.empty(), Optional.empty());

        public Leaving {
            draining = List.copyOf(draining);
        }
    }

    /**
     * @param inFlight requests, or connections, that are under way there; 0 only once a second reading of it, a moment after
     *     the first, has confirmed it; empty where they cannot be counted
     */
    public record Draining(InstanceId instance, Target target, OptionalInt inFlight) {}

    /** Whether a change is in force once it is recorded. */
    public boolean synchronous() {
        return leaving.safeAfter().isEmpty();
    }

    /** Whether requests are under way at anything that drains. */
    public boolean busy() {
        return leaving.draining().stream().anyMatch(one -> one.inFlight().orElse(0) > 0);
    }

    /** The same as of another time. */
    public Applied withAt(Instant other) {
        return new Applied(
                service, provider, watcher, revision, other, targets, held, failOpen, sizes, leaving, released, refused,
                spread, failing);
    }

    /** The same that has been as large as this. */
    public Applied withSizes(SortedMap<Instant, Integer> others) {
        return new Applied(
                service, provider, watcher, revision, at, targets, held, failOpen, others, leaving, released, refused,
                spread, failing);
    }

    /** The same with something else refused. */
    public Applied withRefused(List<Refusal> others) {
        return new Applied(
                service, provider, watcher, revision, at, targets, held, failOpen, sizes, leaving, released, others,
                spread, failing);
    }

    /** The same that has come so far. */
    public Applied withSpread(Optional<Spread> other) {
        return new Applied(
                service, provider, watcher, revision, at, targets, held, failOpen, sizes, leaving, released, refused,
                other, failing);
    }

    /** The same of which a check of the target's own fails for these, as far as they stand there. */
    public Applied withFailing(SortedSet<Target> found) {
        if (found.isEmpty() && failing.isEmpty()) {
            return this;
        }
        SortedSet<Target> there = new TreeSet<>(found);
        there.retainAll(targets.stream()
                .filter(entry -> entry.state() == InstanceState.UP)
                .map(Entry::target)
                .collect(Collectors.toSet()));
        return there.equals(failing)
                ? this
                : new Applied(
                        service, provider, watcher, revision, at, targets, held, failOpen, sizes, leaving, released,
                        refused, spread, there);
    }
}
