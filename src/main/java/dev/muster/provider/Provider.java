package dev.muster.provider;

import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Effect;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Reads and changes the actual state of one kind of outside system. Used by one thread. */
public interface Provider extends AutoCloseable {

    /** The word in flags, keys and metrics: {@code haproxy}. */
    String name();

    /** Whether a change is in force when {@link #apply} returns. */
    boolean synchronous();

    /**
     * What is really there, by service. Fails rather than answering half.
     *
     * @throws ProviderException when it could not be read whole
     */
    SortedMap<String, ServiceTargets> actual() throws ProviderException;

    /** The same as {@link #actual}, by a look that changes nothing, whatever it finds. */
    default SortedMap<String, ServiceTargets> look() throws ProviderException {
        return actual();
    }

    /** Whether the last look found something that no plan shows and that {@link #apply} puts right, even an empty plan. */
    default boolean disturbed() {
        return false;
    }

    /**
     * Why it is not known what stands of one service, though the others were read: then nothing is decided of it, and nothing
     * of it is touched. After a look.
     *
     * @param wanted what is said of the service as it is to be; {@link About#NOTHING} where it is to leave
     */
    default Optional<Refusal> unread(String service, About wanted) {
        return Optional.empty();
    }

    /**
     * What it can have of this: a service that is refused as it is to be stays as it was accepted last, or is left out, and
     * must not keep the others waiting. The same object where nothing is refused.
     */
    default SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        return desired;
    }

    /** By service, what it refuses and why, since the last look. */
    default SortedMap<String, Refusal> refusals() {
        return new TreeMap<>();
    }

    /** How long it wants to be left alone from now on, since it was changed a short time ago. */
    default Duration rest() {
        return Duration.ZERO;
    }

    /**
     * Makes it so, additions before removals, and writes nothing where nothing differs. What it finds to be refused of single
     * services is no failure: the others are in force, and {@link #possible} says what is.
     *
     * @throws ProviderException when something of it is not known to be in force; the caller reads again and plans anew
     */
    void apply(Plan plan) throws ProviderException;

    /** What {@link #apply} would do, in the target's own terms; nothing is done. After a {@link #look}. */
    default List<Effect> effects(Plan plan) throws ProviderException {
        return Effect.of(plan.changes());
    }

    /** Changes that were accepted, and that are not in force everywhere yet. From any thread. */
    default int underWay() {
        return 0;
    }

    /**
     * How many requests (of a TCP service: connections) are under way at each of these targets, over everything that may
     * still carry them, such as workers that a reload has left behind. One that is not there, or that nothing was ever sent
     * to, has 0. A provider that cannot count answers an empty map: nobody waits for its requests to end.
     *
     * @param targets by service; asked each second for what drains, so it should cost one look and not one for each target
     * @return by service, every target that was asked for, or nothing at all
     * @throws ProviderException when it could not be counted whole
     */
    default SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
            throws ProviderException {
        return new TreeMap<>();
    }

    /**
     * How long after {@link #apply} has returned a change is in force for everybody, where that cannot be asked: a
     * deregistration delay, a record's time to live. Empty where {@link #synchronous}.
     */
    default Optional<Duration> safeAfter(String service) {
        return Optional.empty();
    }

    /** By service, how far its newest change has come, where that is known and takes its time. */
    default Map<String, Spread> spreads() {
        return Map.of();
    }

    /**
     * By service, what is in service there and gets no requests all the same, since a check of the target's own fails, as the
     * last look found it. Services without one are left out.
     */
    default SortedMap<String, SortedSet<Target>> failing() {
        return new TreeMap<>();
    }

    /** Lets go; what serves goes on serving. */
    @Override
    void close();
}
