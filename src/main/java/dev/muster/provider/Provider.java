package dev.muster.provider;

import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
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
