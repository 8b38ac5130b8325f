package dev.muster.provider;

import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.SortedMap;

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

    /** Whether the last look found something that no plan shows and that {@link #apply} puts right, even an empty plan. */
    default boolean disturbed() {
        return false;
    }

    /** How long it wants to be left alone from now on, since it was changed a short time ago. */
    default Duration rest() {
        return Duration.ZERO;
    }

    /**
     * Makes it so, additions before removals, and writes nothing where nothing differs.
     *
     * @throws ProviderException when something of it is not known to be in force; the caller reads again and plans anew
     */
    void apply(Plan plan) throws ProviderException;

    /** Lets go; what serves goes on serving. */
    @Override
    void close();
}
