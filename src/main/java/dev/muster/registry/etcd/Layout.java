package dev.muster.registry.etcd;

import dev.muster.model.Registration;
import java.util.SortedMap;

/** One way in which a registration stands in etcd. A pure function. */
interface Layout {

    /** Whole keys and their values; none where the layout cannot say in which state the registration is. */
    SortedMap<String, String> write(Registration registration);
}
