package dev.muster.provider.template;

import dev.muster.plan.ServiceTargets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was rendered last.
 *
 * @param services as the files have them, but those that could not be brought in step
 * @param loaded by target: the digest of the text that its reader has read
 */
record Rendered(SortedMap<String, ServiceTargets> services, SortedMap<String, String> loaded) {

    static final Rendered NOTHING = new Rendered(new TreeMap<>(), new TreeMap<>());

    Rendered {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        loaded = Collections.unmodifiableSortedMap(new TreeMap<>(loaded));
    }
}
