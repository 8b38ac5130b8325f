package dev.muster.registry;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Where one owner publishes its registrations, under one lease. Used by one thread. */
public interface RegistrationStore extends AutoCloseable {

    /**
     * A registration that this owner holds.
     *
     * @param version the registry's revision at which it was written
     * @param fields names of all that is stored of it, so that what vanishes can be deleted by name
     */
    record Held(Registration registration, long version, Set<String> fields) {}

    /** How a write ended. An answer that did not come is a {@link RegistryException} instead. */
    sealed interface Outcome {
        /** It is there. */
        record Done(Held held) implements Outcome {}

        /** It is gone, together with its goodbye's appearance. */
        record Gone() implements Outcome {}

        /** Somebody else's: nothing was changed. Who holds it, or empty when it was changed in between by ourselves or is gone. */
        record Refused(Optional<String> holder) implements Outcome {}
    }

    /**
     * Everything that is stored under this owner's lease, read back: names from the lease, then values.
     *
     * @throws RegistryException when it was not read whole
     */
    SortedMap<InstanceId, Held> read() throws RegistryException;

    /** Publishes, all fields in one transaction; {@code seen} is the version that is replaced, empty for a first write. */
    Outcome put(Registration registration, Optional<Held> seen) throws RegistryException;

    /** Withdraws, together with its goodbye. */
    Outcome remove(Held held, Goodbye goodbye) throws RegistryException;

    /** A goodbye that comes late: its registration has expired already. */
    Outcome sayGoodbye(Goodbye goodbye) throws RegistryException;

    /** Whether the lease is known to be alive: only then is what was read last still there. */
    boolean alive();

    @Override
    void close();
}
