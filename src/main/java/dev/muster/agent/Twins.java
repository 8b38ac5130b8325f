package dev.muster.agent;

import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import dev.muster.source.Container;
import dev.muster.source.Registrations;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the host's own agent holds a sidecar's container already, mostly under another name, since it does not know what
 * the sidecar was told. A sidecar asks before it publishes a run. That is soon enough: from the moment at which the
 * sidecar's own record stands in the registry, no other agent of its host publishes that container. Used by one thread.
 */
final class Twins {

    private final Optional<Registrations> asHost;
    private final RegistrationStore store;
    private final Map<Run, Set<InstanceId>> ids = new HashMap<>();

    /** @param asHost how the host's agent would name containers; empty where this is the host's agent */
    Twins(Optional<Registrations> asHost, RegistrationStore store) {
        this.asHost = asHost;
        this.store = store;
    }

    /** From now on these are the sidecar's containers. What is a sidecar's by its label has no twin. */
    void of(Collection<Container> containers) {
        if (asHost.isPresent()) {
            ids.clear();
            for (Candidate twin : asHost.get().of(containers).candidates().values()) {
                ids.computeIfAbsent(twin.instance().run(), first -> new HashSet<>())
                        .add(twin.id());
            }
        }
    }

    /** @return the other owner that has published this run under one of its other names */
    Optional<String> holder(Registration registration) throws RegistryException {
        Run run = registration.instance().run();
        for (InstanceId twin : ids.getOrDefault(run, Set.of())) {
            Optional<String> holder =
                    twin.equals(registration.id()) ? Optional.empty() : store.holder(twin, run.containerId());
            if (holder.isPresent()) {
                return holder;
            }
        }
        return Optional.empty();
    }
}
