package dev.muster.registry;

import java.time.Duration;
import java.util.Optional;

/** The place of a group's leader in the registry: a key under the leader's lease, and the last epoch beside it. */
public interface Seat extends AutoCloseable {

    String group();

    /** The time to live of the leases that are asked for here. */
    Duration ttl();

    /** Told on any thread; both must return at once. */
    interface Listener {

        /** The seat has changed, or whoever watched it has lost sight of it, or a lease is lost. */
        void disturbed();

        /** The registry's data was replaced, perhaps by older: nothing that was seen of it need be so. */
        void replaced();
    }

    /** Whoever holds the seat: the key stands under this lease. */
    interface Lease extends AutoCloseable {

        long id();

        /** For how long the registry keeps it at least, without another renewal; zero when it is over for good or may be. */
        Duration left();

        /** No longer renewed; it ends with its time to live. */
        @Override
        void close();
    }

    /**
     * What a look has found.
     *
     * @param occupant who leads; empty also where the key stands under no lease, which no leader writes
     * @param version of the leader's key, 0 where there is none
     * @param lastEpoch of the last election, 0 where nothing is known of any
     * @param epochVersion of the key that says so, 0 where there is none
     * @param revision at which it was so
     */
    record Standing(Optional<Occupant> occupant, long version, long lastEpoch, long epochVersion, long revision) {}

    /** @param epoch 0 where the key cannot be understood */
    record Occupant(String watcher, long epoch, long lease) {}

    Standing look() throws RegistryException;

    /** A lease that is renewed until it is closed. */
    Lease grant() throws RegistryException;

    /**
     * Takes the seat, or goes on in it in another epoch, if both keys are still as they were seen.
     *
     * @return the leader's key's version now; empty where something has changed
     */
    Optional<Long> take(Standing seen, long epoch, Lease under) throws RegistryException;

    /** Leaves the seat if it is still that of this term: also by its epoch, since versions begin anew in a registry that was wiped. */
    void leave(Term term) throws RegistryException;

    /** Whom to tell. Once, before anything else. */
    void listen(Listener listener);

    /** From this revision on every change is told, until further notice. */
    void follow(long revision);

    /** Tells nothing any more. Leases are not closed. */
    @Override
    void close();
}
