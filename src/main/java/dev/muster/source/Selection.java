package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.model.UnitName;
import java.util.Optional;

/**
 * Which containers an agent cares for. Pure.
 *
 * @param container the one of this name
 * @param unit else those that are labelled with this unit, and the one that is called after it and labelled with none
 */
public record Selection(Optional<String> container, Optional<UnitName> unit) {

    /** The label by which a container says which unit runs it. */
    public static final String UNIT_LABEL = "muster.unit";

    /** Every container of the host. */
    public static final Selection ALL = new Selection(Optional.empty(), Optional.empty());

    /** The one that a sidecar cares for. */
    public static Selection of(Optional<SidecarConfig> sidecar) {
        return sidecar.map(one -> new Selection(one.container(), one.unit())).orElse(ALL);
    }

    public boolean isAll() {
        return container.isEmpty() && unit.isEmpty();
    }

    /**
     * Whether it chooses a container.
     *
     * @param unitLabel the value of {@link #UNIT_LABEL}, or empty
     */
    public boolean chooses(String name, String unitLabel) {
        if (container.isPresent()) {
            return container.get().equals(name);
        }
        return unit.map(one -> unitLabel.isEmpty()
                        ? one.container().equals(name)
                        : one.name().equals(unitLabel))
                .orElse(true);
    }
}
