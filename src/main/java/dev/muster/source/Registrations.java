package dev.muster.source;

import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Run;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which instances a host's containers are: a pure function, so that the same containers in any order are the same
 * registrations. Whatever a label says, an id that comes out meets the grammar of {@link Name}.
 */
public final class Registrations {

    /** The attribute that says which container an instance is. */
    public static final String CONTAINER = "container";

    /**
     * What containers come to.
     *
     * @param candidates by id
     * @param refused what was meant to be registered and cannot be, by container name: one printable sentence or several
     */
    public record Result(SortedMap<InstanceId, Candidate> candidates, SortedMap<String, String> refused) {
        public Result {
            candidates = Collections.unmodifiableSortedMap(new TreeMap<>(candidates));
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        }

        /** With processes that run in no container: somebody named them one by one, so they keep an id that both claim. */
        public Result with(Collection<Candidate> processes) {
            SortedMap<InstanceId, Candidate> all = new TreeMap<>(candidates);
            SortedMap<String, String> others = new TreeMap<>(refused);
            for (Candidate process : processes) {
                Candidate container = all.put(process.id(), process);
                if (container != null) {
                    refuse(
                            others,
                            Registrations.container(container),
                            "%s is claimed by a static entry too, which keeps it".formatted(process.id()));
                }
            }
            return new Result(all, others);
        }
    }

    private final HostRules rules;

    public Registrations(HostRules rules) {
        this.rules = rules;
    }

    /** Of two containers that claim one id, the one that has been running longer keeps it. */
    public Result of(Collection<Container> containers) {
        List<Container> ordered = containers.stream()
                .sorted(Comparator.comparing(container -> container.run().containerId()))
                .toList();
        SortedMap<InstanceId, Candidate> candidates = new TreeMap<>();
        SortedMap<String, String> refused = new TreeMap<>();
        for (Container container : ordered) {
            ContainerInstances found = ContainerInstances.of(container, rules);
            String name = label(container);
            for (String reason : found.refused()) {
                refuse(refused, name, reason);
            }
            for (Candidate candidate : found.candidates()) {
                Candidate first = candidates.putIfAbsent(candidate.id(), candidate);
                if (first == null) {
                    continue;
                }
                boolean firstKeepsIt = isOlder(first, candidate);
                Candidate older = firstKeepsIt ? first : candidate;
                Candidate younger = firstKeepsIt ? candidate : first;
                candidates.put(candidate.id(), older);
                refuse(refused, container(younger), taken(younger.id(), older, younger));
            }
        }
        return new Result(candidates, refused);
    }

    private static String taken(InstanceId id, Candidate older, Candidate younger) {
        return older.instance().run().equals(younger.instance().run())
                ? "%s is claimed by two of its ports, and %d keeps it"
                        .formatted(id, older.instance().port())
                : "%s is claimed by container '%s' too, which was started earlier and keeps it"
                        .formatted(id, container(older));
    }

    private static boolean isOlder(Candidate first, Candidate second) {
        Run one = first.instance().run();
        Run other = second.instance().run();
        int order = startedAt(one).compareTo(startedAt(other));
        return (order == 0 ? one.containerId().compareTo(other.containerId()) : order) <= 0;
    }

    /** Compared as times: the engine drops trailing zeros, so that texts do not sort. */
    private static Instant startedAt(Run run) {
        try {
            return Instant.parse(run.startedAt());
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }

    private static String container(Candidate candidate) {
        return candidate.instance().attributes().getOrDefault(CONTAINER, "");
    }

    private static String label(Container container) {
        return Name.printable(container.name());
    }

    private static void refuse(SortedMap<String, String> refused, String name, String reason) {
        refused.merge(name, reason, (before, more) -> before + "; " + more);
    }
}
