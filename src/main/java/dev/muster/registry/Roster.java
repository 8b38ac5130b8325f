package dev.muster.registry;

import java.util.List;

/** The agents that are there, by their own live records. */
public interface Roster {

    /** @throws RegistryException when they were not read whole */
    List<Agent> agents() throws RegistryException;

    /** @param engine its container engine, as it last said: {@code unknown}, {@code reachable} or {@code unreachable} */
    record Agent(String owner, String host, String version, String engine) {}
}
