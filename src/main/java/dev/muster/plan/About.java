package dev.muster.plan;

import dev.muster.model.Target;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a service apart from its shape and its targets, for providers that have a place for it.
 *
 * @param settings by name
 * @param details by target; one that is not in it is known by its target alone
 */
public record About(SortedMap<String, String> settings, SortedMap<Target, Details> details) {

    public static final About NOTHING = new About(new TreeMap<>(), new TreeMap<>());

    public About {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
    }

    public Details details(Target target) {
        return details.getOrDefault(target, Details.UNKNOWN);
    }
}
