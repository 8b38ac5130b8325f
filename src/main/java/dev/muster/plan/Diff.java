package dev.muster.plan;

import dev.muster.model.InOrder;
import dev.muster.model.PersistentMap;
import dev.muster.model.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is to be with what is. Over all services: first what gives a service its shape, then what adds, then what
 * changes, and only then what removes, so that nothing leaves before its successor is there. Pure.
 */
public final class Diff {

    private final List<Change> shapes = new ArrayList<>();
    private final List<Change> descriptions = new ArrayList<>();
    private final List<Change> adds = new ArrayList<>();
    private final List<Change> updates = new ArrayList<>();
    private final List<Change> removes = new ArrayList<>();
    private final List<Change> drops = new ArrayList<>();

    private Diff() {}

    /** @return the plan; without changes where nothing differs */
    public static Plan between(SortedMap<String, ServiceTargets> desired, SortedMap<String, ServiceTargets> actual) {
        Diff diff = new Diff();
        SortedMap<String, ServiceTargets> leaving = new TreeMap<>();
        for (String service : PersistentMap.differing(desired, actual)) {
            ServiceTargets from = actual.get(service);
            ServiceTargets to = desired.get(service);
            if (to != null) {
                diff.compare(service, from, to);
            } else if (from != null) {
                leaving.put(service, from);
            }
        }
        leaving.forEach((service, from) -> {
            from.targets().forEach((target, last) -> diff.removes.add(new Change.Remove(service, target, last)));
            diff.drops.add(new Change.Drop(service));
        });
        return new Plan(desired, diff.inOrder());
    }

    private void compare(String service, @Nullable ServiceTargets from, ServiceTargets to) {
        if (from == null || !sameShape(from, to)) {
            shapes.add(new Change.Shape(service, to));
        } else if (!from.about().equals(to.about())) {
            descriptions.add(new Change.Describe(service, to));
        }
        SortedMap<Target, TargetState> before = from == null ? Collections.emptySortedMap() : from.targets();
        InOrder.<Target, TargetState, TargetState>both(before, to.targets(), (target, was, is) -> {
            if (is == null) {
                removes.add(new Change.Remove(service, target, Objects.requireNonNull(was)));
            } else if (was == null) {
                adds.add(new Change.Add(service, target, is));
            } else if (!was.equals(is)) {
                updates.add(new Change.Update(service, target, was, is));
            }
        });
    }

    /** The order of routes says nothing. */
    private static boolean sameShape(ServiceTargets from, ServiceTargets to) {
        return from.protocol() == to.protocol()
                && from.options().equals(to.options())
                && Set.copyOf(from.routes()).equals(Set.copyOf(to.routes()));
    }

    private List<Change> inOrder() {
        List<Change> all = new ArrayList<>(shapes);
        all.addAll(descriptions);
        all.addAll(adds);
        all.addAll(updates);
        all.addAll(removes);
        all.addAll(drops);
        return all;
    }
}
