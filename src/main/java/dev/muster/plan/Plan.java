package dev.muster.plan;

import java.util.List;
import java.util.SortedMap;

/**
 * The ordered changes from actual to desired: additions before removals.
 *
 * @param desired by service, whole: a provider that writes a file renders it from here
 */
public record Plan(SortedMap<String, ServiceTargets> desired, List<Change> changes) {

    public Plan {
        changes = List.copyOf(changes);
    }
}
