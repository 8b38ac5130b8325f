package dev.muster.cli;

import dev.muster.model.Catalog;
import dev.muster.model.Instance;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.registry.Applied;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one watcher's record of one service says, beside what the catalog says.
 *
 * @param record the record
 * @param present whether its watcher is there
 * @param behind the revision that it has not reached yet, 0 when it has reached everything
 * @param differences in the order additions, changes, removals, holds, refusals
 */
record TargetReport(Applied record, boolean present, long behind, List<Difference> differences) {

    private static final String AMBASSADOR = "ambassador";

    static TargetReport of(Applied record, boolean present, Catalog catalog, Instant now) {
        long changed = catalog.changedAt().getOrDefault(record.service(), 0L);
        return new TargetReport(
                record, present, changed > record.revision() ? changed : 0, differences(record, catalog, now));
    }

    boolean inStep() {
        return behind == 0 && differences.isEmpty();
    }

    /** In few words, for a table. */
    String status() {
        List<String> words = new ArrayList<>();
        if (!present) {
            words.add("its watcher is gone");
        }
        if (behind > 0) {
            words.add("behind revision " + behind);
        }
        if (!record.held().isEmpty()) {
            words.add(record.held().size() + " held");
        }
        if (!record.refused().isEmpty()) {
            words.add(record.refused().size() + " refused");
        }
        if (!record.failing().isEmpty()) {
            words.add(record.failing().size() + " failing its check");
        }
        if (record.failOpen()) {
            words.add("fail open");
        }
        if (!record.leaving().draining().isEmpty()) {
            words.add(draining());
        }
        if (words.isEmpty()) {
            words.add(inStep() ? "in step" : "changes");
        }
        return String.join(", ", words);
    }

    private String draining() {
        List<Applied.Draining> draining = record.leaving().draining();
        int requests =
                draining.stream().mapToInt(one -> one.inFlight().orElse(0)).sum();
        return draining.size() + " draining" + (requests == 0 ? "" : " (" + requests + " in flight)");
    }

    private static List<Difference> differences(Applied record, Catalog catalog, Instant now) {
        Map<Target, Applied.Entry> there = new HashMap<>();
        record.targets().forEach(entry -> there.put(entry.target(), entry));
        List<Difference> additions = new ArrayList<>();
        List<Difference> updates = new ArrayList<>();
        if (record.provider().equals(AMBASSADOR)) {
            // Nobody but itself can tell which it is to lead to, and how it reads those that have no port.
            there.clear();
        }
        for (Registration registration : compared(record, catalog)) {
            for (Target target : Places.of(registration.instance(), record.provider())) {
                compare(record, registration, target, there.remove(target)).ifPresent(found -> {
                    boolean missing = found.kind() == Difference.Kind.ADD;
                    (missing ? additions : updates).add(found);
                });
            }
        }
        List<Difference> all = new ArrayList<>(additions);
        all.addAll(updates);
        for (Hold hold : record.held()) {
            there.remove(hold.target());
        }
        there.values()
                .forEach(entry -> all.add(new Difference(
                        Difference.Kind.REMOVE,
                        entry.instance().instance() + " " + entry.target(),
                        catalog.goodbye(entry.instance())
                                .map(goodbye ->
                                        "said goodbye, " + goodbye.reason().text())
                                .orElse("no longer registered"))));
        record.held()
                .forEach(hold -> all.add(new Difference(
                        Difference.Kind.HOLD,
                        hold.instance().instance() + " " + hold.target(),
                        "held for %s: %s".formatted(Age.of(hold.since(), now), hold.why()))));
        record.refused()
                .forEach(refusal -> all.add(
                        new Difference(Difference.Kind.REFUSE, refusal.what(), "not in force: " + refusal.why())));
        return all;
    }

    /** @param entry what is recorded there, or null */
    private static Optional<Difference> compare(
            Applied record, Registration registration, Target target, Applied.@Nullable Entry entry) {
        Instance instance = registration.instance();
        String subject = instance.id().instance() + " " + target;
        if (entry == null) {
            boolean left =
                    instance.protocol() == Protocol.UDP && !record.provider().equals(Places.ROUTE53);
            return left
                    ? Optional.empty()
                    : Optional.of(new Difference(
                            Difference.Kind.ADD, subject, registration.state().text()));
        }
        if (!asWanted(record, registration, entry)) {
            return Optional.of(new Difference(
                    Difference.Kind.UPDATE, subject, entry.state().text() + " -> " + ListCommand.state(registration)));
        }
        int weight = Places.weight(instance, record.provider());
        return entry.weight() == weight
                ? Optional.empty()
                : Optional.of(new Difference(
                        Difference.Kind.UPDATE, subject, "weight %d -> %d".formatted(entry.weight(), weight)));
    }

    /** An ambassador takes those that it is to take, at the addresses that it is to use. */
    private static Collection<Registration> compared(Applied record, Catalog catalog) {
        return record.provider().equals(AMBASSADOR)
                ? List.of()
                : catalog.of(record.service()).values();
    }

    /** The guard keeps in service what a failing check took down when too few would be left, and the last one that drains. */
    private static boolean asWanted(Applied record, Registration registration, Applied.Entry entry) {
        if (!entry.instance().equals(registration.id())) {
            return false;
        }
        if (entry.state() == registration.state()) {
            return true;
        }
        boolean kept = entry.state() == InstanceState.UP;
        return kept && (record.failOpen() || registration.state() == InstanceState.DRAINING);
    }
}
