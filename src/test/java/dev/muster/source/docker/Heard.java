package dev.muster.source.docker;

import dev.muster.source.ContainerSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a source says. */
final class Heard implements ContainerSource.Listener {

    static final String ANYTHING = "anything";

    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void changed(String containerId) {
        all.add(containerId);
    }

    @Override
    public void anythingChanged() {
        all.add(ANYTHING);
    }

    long count(String what) {
        return all.stream().filter(what::equals).count();
    }
}
