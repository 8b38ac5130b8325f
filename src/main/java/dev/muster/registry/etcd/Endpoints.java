package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where etcd's members are reached, in the order in which they are to be tried; at least one. */
interface Endpoints {

    /** @throws RegistryException when that cannot be found out now */
    List<URI> find() throws RegistryException;

    /**
     * As configured. A list is shuffled once, since otherwise a whole fleet would ask its first member. What is discovered
     * comes in the order of its records.
     */
    static Endpoints of(EtcdConfig config) {
        if (config.discovery().isPresent()) {
            return SrvEndpoints.of(config.discovery().get(), config.tls().isPresent());
        }
        List<URI> shuffled = new ArrayList<>(config.endpoints());
        Collections.shuffle(shuffled);
        return () -> shuffled;
    }
}
