package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Target;

/**
 * One way in which one port of a container is reachable.
 *
 * @param ordinal 0 where it is the only one of its port, else from 1 by ascending host port
 * @param checkAt where its own host reaches it, past the engine's proxy where that can be
 */
record Offer(Container.Port port, Addresses addresses, int hostPort, int ordinal, Target checkAt) {}
