package dev.muster.source;

import dev.muster.model.AliasPlaces;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Route;
import dev.muster.model.Run;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which instances a host's containers are: a pure function, so that the same containers in any order are the same
 * registrations. Whatever a label says, an id that comes out meets the grammar of {@link Name}. What a container came to is
 * remembered until it is not among the containers any more, so that an event costs one container and not all. For one thread.
 */
public final class Registrations {

    /** The attribute that says which container an instance is. */
    public static final String CONTAINER = "container";

    private static final Comparator<Route> ROUTES =
            Comparator.comparing(Route::host).thenComparing(Route::path).thenComparingInt(Route::port);

    private static final Comparator<Candidate> BY_AGE = Comparator.comparing(
                    (Candidate candidate) -> startedAt(candidate.instance().run()))
            .thenComparing(candidate -> candidate.instance().run().containerId());

    /**
     * What containers come to.
     *
     * @param candidates by id
     * @param routes that containers give to other services, by service
     * @param refused what was meant to be registered and cannot be, by container name: one printable sentence or several
     * @param incomplete what of a label is left out of what is registered, likewise
     */
    public record Result(
            SortedMap<InstanceId, Candidate> candidates,
            SortedMap<String, List<Route>> routes,
            SortedMap<String, String> refused,
            SortedMap<String, String> incomplete) {
        public Result {
            candidates = Collections.unmodifiableSortedMap(new TreeMap<>(candidates));
            routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
            incomplete = Collections.unmodifiableSortedMap(new TreeMap<>(incomplete));
        }

        /** With processes that run in no container: somebody named them one by one, so they keep an id that both claim. */
        public Result with(Collection<Candidate> processes) {
            SortedMap<InstanceId, Candidate> all = new TreeMap<>(candidates);
            SortedMap<String, String> others = new TreeMap<>(refused);
            for (Candidate process : processes) {
                Candidate container = all.put(process.id(), process);
                if (container != null) {
                    say(
                            others,
                            Registrations.container(container),
                            "%s is claimed by a static entry too, which keeps it".formatted(process.id()));
                }
            }
            return new Result(all, routes, others, incomplete);
        }
    }

    private final HostRules rules;
    private IdentityHashMap<Container, ContainerInstances> known = new IdentityHashMap<>();
    private final AliasPlaces aliasPlaces;

    /** With aliases where they may stand by default. */
    public Registrations(HostRules rules) {
        this(rules, AliasPlaces.DEFAULT);
    }

    public Registrations(HostRules rules, AliasPlaces aliasPlaces) {
        this.rules = rules;
        this.aliasPlaces = aliasPlaces;
    }

    /** Of two containers that claim one id, or one alias, the one that has been running longer keeps it. */
    public Result of(Collection<Container> containers) {
        List<Container> ordered = containers.stream()
                .sorted(Comparator.comparing(container -> container.run().containerId()))
                .toList();
        SortedMap<InstanceId, Candidate> candidates = new TreeMap<>();
        SortedMap<String, TreeSet<Route>> routes = new TreeMap<>();
        SortedMap<String, String> refused = new TreeMap<>();
        SortedMap<String, String> incomplete = new TreeMap<>();
        IdentityHashMap<Container, ContainerInstances> current = new IdentityHashMap<>();
        for (Container container : ordered) {
            ContainerInstances before = known.get(container);
            ContainerInstances found = before == null ? ContainerInstances.of(container, rules) : before;
            current.put(container, found);
            String name = Name.printable(container.name());
            found.refused().forEach(reason -> say(refused, name, reason));
            found.incomplete().forEach(reason -> say(incomplete, name, reason));
            found.routes()
                    .forEach((service, given) -> routes.computeIfAbsent(service, to -> new TreeSet<>(ROUTES))
                            .addAll(given));
            for (Candidate candidate : found.candidates()) {
                Candidate first = candidates.putIfAbsent(candidate.id(), candidate);
                if (first == null) {
                    continue;
                }
                boolean firstKeepsIt = BY_AGE.compare(first, candidate) <= 0;
                Candidate older = firstKeepsIt ? first : candidate;
                Candidate younger = firstKeepsIt ? candidate : first;
                candidates.put(candidate.id(), older);
                say(refused, container(younger), taken(younger.id(), older, younger));
            }
        }
        known = current;
        shareAliases(candidates, incomplete);
        SortedMap<String, List<Route>> listed = new TreeMap<>();
        routes.forEach((service, given) -> listed.put(service, List.copyOf(given)));
        return new Result(candidates, listed, refused, incomplete);
    }

    /** One key says one thing, in its place. An alias that is refused costs its instance nothing else. */
    private void shareAliases(SortedMap<InstanceId, Candidate> candidates, SortedMap<String, String> incomplete) {
        Map<String, InstanceId> holders = new HashMap<>();
        List<Candidate> byAge = new ArrayList<>(candidates.values());
        byAge.removeIf(candidate -> candidate.instance().aliases().isEmpty());
        byAge.sort(BY_AGE.thenComparing(Candidate::id));
        for (Candidate candidate : byAge) {
            Instance instance = candidate.instance();
            SortedMap<String, String> kept = new TreeMap<>(instance.aliases());
            kept.keySet().removeIf(key -> {
                Optional<String> refusal = aliasPlaces
                        .refusal(candidate.id().service(), key)
                        .or(() -> Optional.ofNullable(holders.putIfAbsent(key, candidate.id()))
                                .map(holder -> "%s: the alias %s is given to %s, which was started earlier"
                                        .formatted(candidate.id(), key, holder)));
                refusal.ifPresent(why -> say(incomplete, container(candidate), why));
                return refusal.isPresent();
            });
            if (kept.size() < instance.aliases().size()) {
                candidates.put(
                        candidate.id(),
                        new Candidate(instance.withAliases(kept), candidate.checkAt(), candidate.paused()));
            }
        }
    }

    private static String taken(InstanceId id, Candidate older, Candidate younger) {
        return older.instance().run().equals(younger.instance().run())
                ? "%s is claimed by two of its ports, and %d keeps it"
                        .formatted(id, older.instance().port())
                : "%s is claimed by container '%s' too, which was started earlier and keeps it"
                        .formatted(id, container(older));
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

    private static void say(SortedMap<String, String> to, String name, String reason) {
        to.merge(name, reason, (before, more) -> before + "; " + more);
    }
}
