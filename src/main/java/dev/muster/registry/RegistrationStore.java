package dev.muster.registry;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Where one owner publishes its registrations, under one lease. Used by one thread. */
public interface RegistrationStore extends AutoCloseable {

    /**
     * Something that is stored under this owner's lease.
     *
     * @param version the registry's revision at which it was written
     * @param registration empty where what is stored is not what an owner writes: it must be written again or removed
     * @param keys all that is stored of it, so that what vanishes can be deleted by name
     */
    record Held(InstanceId id, long version, Optional<Registration> registration, Set<String> keys) {
        public Held {
            keys = Set.copyOf(keys);
        }
    }

    /** How a write ended. An answer that did not come is a {@link RegistryException} instead. */
    sealed interface Outcome {
        /** It is there. */
        record Done(Held held) implements Outcome {}

        /** It is gone, and its goodbye is there. */
        record Gone() implements Outcome {}

        /** Nothing was changed: it is no longer what was last seen, so look again. */
        record Stale() implements Outcome {}

        /** Nothing was changed: another owner holds it. The store calls back when that ends. */
        record Refused(String holder) implements Outcome {}

        /** Nothing was changed: this goodbye keeps the run from being published by us. */
        record Kept(Goodbye goodbye) implements Outcome {}

        /** Nothing was changed: this user of the registry may not write it. Asked again, it may be otherwise. */
        record Denied() implements Outcome {}
    }

    /**
     * Everything that is stored under this owner's lease, read back. Takes the owner's identity first where that has not
     * been done or was lost: adopts the lease of a dead predecessor on this machine by renewing it, or grants a new one.
     *
     * @throws RegistryException when it was not read whole
     * @throws OwnerTakenException for good, when another machine goes on holding this owner's name
     */
    SortedMap<InstanceId, Held> read() throws RegistryException;

    /** Whether what was read last still stands under a living lease; otherwise it must be read again before anything is written. */
    boolean current();

    /** Publishes, all of it in one transaction; {@code seen} is what is replaced, empty for a first write. */
    Outcome put(Registration registration, Optional<Held> seen) throws RegistryException;

    /** Withdraws, with its goodbye in the same transaction. */
    Outcome remove(Held held, Goodbye goodbye) throws RegistryException;

    /** A goodbye that comes late: its registration has expired already. */
    Outcome sayGoodbye(Goodbye goodbye) throws RegistryException;

    /**
     * Says which routes this owner's containers give to other services, by service; all that it said before and that is not
     * among them goes. Written only where that is news.
     *
     * @param routes by names that meet the grammar of names
     */
    void announceRoutes(SortedMap<String, List<Route>> routes) throws RegistryException;

    /**
     * Who else has published this container as that instance. The store calls back when that ends.
     *
     * @return empty also where it is this owner
     */
    Optional<String> holder(InstanceId id, String containerId) throws RegistryException;

    /** Says to everybody whether this owner's container engine answers; written only where that is news. */
    void describeEngine(boolean reachable) throws RegistryException;

    /** The time to live that was granted; empty before the first {@link #read}. */
    Optional<Duration> ttl();

    /** Since the lease was renewed; empty before the first {@link #read}. */
    Optional<Duration> leaseAge();

    /** Lets go of the connection. The lease is left to itself. */
    @Override
    void close();
}
