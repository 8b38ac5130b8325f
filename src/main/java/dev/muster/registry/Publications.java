package dev.muster.registry;

import dev.muster.model.InstanceId;
import java.time.Duration;
import java.util.Optional;

/** How registrations stand in the registry. */
public interface Publications {

    /**
     * @param revision at which it was last written
     * @param leaseLeft how long it stays without another sign of life of its owner; empty where it is under no lease
     */
    record Publication(long revision, Optional<Duration> leaseLeft) {}

    /** @return empty where nothing is registered under that name by an owner */
    Optional<Publication> of(InstanceId id) throws RegistryException;
}
