package dev.muster.source;

import java.util.List;
import java.util.Optional;

/** The engine of an agent that has none: everything that it registers runs without. */
public final class NoContainers implements ContainerSource {

    @Override
    public void subscribe(Listener listener) {
        listener.anythingChanged();
    }

    @Override
    public List<Container> list() {
        return List.of();
    }

    @Override
    public Optional<Container> find(String containerId) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
