package dev.muster.registry;

import java.time.Duration;
import java.util.Optional;

/**
 * A watcher's place among those of its group, of which one at a time leads. Thread-safe; all but {@link #surpassed} return
 * at once.
 */
public interface Election {

    String group();

    /**
     * The term in which this watcher leads. Empty from the moment at which its lease may have ended in the registry, by this
     * machine's own clocks: before another one can be elected.
     */
    Optional<Term> term();

    /** For how long it still leads if the registry is not heard again; zero where it does not. */
    Duration left();

    /** The watcher that leads, as far as is known. */
    Optional<String> leader();

    /**
     * A target carries an epoch above ours: the registry has lost its past, and we lead from now on in an epoch above that
     * one; or we have been deposed.
     *
     * @param seen the epoch that the target carries
     * @return the term from now on
     */
    Optional<Term> surpassed(long seen);

    /** A pass has begun. Whoever is in a pass for a minute without {@link #advanced} does not go on leading. */
    void begun();

    /** The pass has finished something: a binding, a call. */
    void advanced();

    /** The pass has ended. */
    void ended();
}
