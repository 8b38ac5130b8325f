package dev.muster.config;

import dev.muster.model.SidecarOwner;
import dev.muster.model.UnitName;
import java.util.Optional;

/**
 * The one service that a sidecar cares for; one of container and unit is there.
 *
 * @param container the container's name; it may not exist yet
 * @param unit the systemd unit that runs it, or the process
 * @param service what the service is called, whatever its labels say
 */
public record SidecarConfig(Optional<String> container, Optional<UnitName> unit, Optional<String> service) {

    public SidecarConfig {
        if (container.isEmpty() && unit.isEmpty()) {
            throw new IllegalArgumentException("sidecar: container or unit must be given");
        }
    }

    /** Under which name it publishes unless it is given another. */
    String owner(String host) {
        return SidecarOwner.of(
                host, container.or(() -> unit.map(UnitName::container)).orElseThrow());
    }
}
