package dev.muster.agent;

import dev.muster.config.AgentConfig;
import dev.muster.model.Instance;
import dev.muster.model.Registration;
import dev.muster.model.SidecarOwner;
import dev.muster.source.Registrations;
import java.util.Set;
import java.util.function.Function;

/** To whom the agent of a host leaves a container that it would register otherwise. */
public final class Sidecars {

    private Sidecars() {}

    /**
     * The owners whose presence keeps an agent from publishing a registration. They are known by the rule of their names;
     * a sidecar that was given another name is told by its container's label only.
     */
    public static Function<Registration, Set<String>> rivals(AgentConfig config) {
        if (config.sidecar().isPresent()) {
            return registration -> Set.of();
        }
        return registration -> {
            Instance instance = registration.instance();
            Set<String> owners = SidecarOwner.of(
                    config.host(), instance.attributes().getOrDefault(Registrations.CONTAINER, ""), instance.unit());
            owners.remove(config.owner());
            return owners;
        };
    }
}
