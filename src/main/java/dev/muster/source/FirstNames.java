package dev.muster.source;

import dev.muster.model.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A running container keeps the name that it was first seen with: to rename it changes nothing of what is registered,
 * while its next run goes by its new name. Used by one thread.
 */
public final class FirstNames {

    private final Map<Run, String> names = new HashMap<>();

    /** What an earlier life of this agent registered: a run, and the name that it had then. */
    public void known(Run run, String name) {
        names.putIfAbsent(run, name);
    }

    /** The container under the name of its run. */
    public Container keep(Container container) {
        String first = names.computeIfAbsent(container.run(), run -> container.name());
        return first.equals(container.name()) ? container : container.withName(first);
    }

    /** All containers, each under the name of its run; runs that are not among them are forgotten. */
    public List<Container> keepAll(Collection<Container> containers) {
        names.keySet().retainAll(containers.stream().map(Container::run).collect(Collectors.toSet()));
        List<Container> kept = new ArrayList<>();
        containers.forEach(container -> kept.add(keep(container)));
        return kept;
    }
}
