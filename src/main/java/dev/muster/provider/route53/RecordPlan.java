package dev.muster.provider.route53;

import dev.muster.model.DnsSettings;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.route53.Claim.Wish;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares what services ask for with what the zones hold. What is this group's is known by the text beside it; a name at
 * which anything else stands is left as it is, and the service that asks for it is told why. Pure.
 */
final class RecordPlan {

    /**
     * @param changes first those that give something, then those that only take away
     * @param refused by service: why it does not get what it asks for
     * @param missing what has to be made before those of its services can be: until then they name {@value #TO_BE_MADE}
     */
    record Planned(List<NameChange> changes, SortedMap<String, String> refused, List<MissingCheck> missing) {

        /** Those for which everything is there. */
        List<NameChange> ready() {
            Set<String> waiting = missing.stream().map(MissingCheck::service).collect(Collectors.toSet());
            return changes.stream()
                    .filter(change -> Collections.disjoint(change.services(), waiting))
                    .toList();
        }

        Planned with(List<NameChange> others) {
            return new Planned(others, refused, missing);
        }
    }

    /** Stands for the id of a health check that there is none of yet. */
    private static final String TO_BE_MADE = "to-be-made";

    private final Reading reading;
    private final AllChecks checks;
    private final Map<Zone, Set<String>> named = new HashMap<>();
    private final Set<MissingCheck> missing = new LinkedHashSet<>();
    private final Standing standing;
    private final String group;
    private final long epoch;
    private final Supplier<String> nonces;

    /** By place, what stands there that is ours, by type. */
    private final SortedMap<Place, Map<String, Owned>> ours = new TreeMap<>();

    private final SortedMap<Place, SortedMap<String, Claim>> claims = new TreeMap<>();
    private final SortedMap<String, String> refused = new TreeMap<>();

    /** Those of which something is to stay that they do not ask for (any more). */
    private final SortedSet<String> staying = new TreeSet<>();

    /** Those that have said what they ask for, though it be nothing. */
    private final SortedSet<String> asking = new TreeSet<>();

    private RecordPlan(Reading reading, AllChecks checks, String group, long epoch, Supplier<String> nonces) {
        this.reading = reading;
        this.checks = checks;
        this.standing = new Standing(group);
        this.group = group;
        this.epoch = epoch;
        this.nonces = nonces;
    }

    /**
     * @param reading of every zone in which records of ours may stand; what may stand in one that is not read stays
     * @param checks which records may name
     * @param desired by service, whole: what is ours and not in it goes
     * @param epoch in which this watcher leads
     * @param nonces one for each text that is written
     */
    static Planned of(
            Reading reading,
            AllChecks checks,
            SortedMap<String, ServiceTargets> desired,
            String group,
            long epoch,
            Supplier<String> nonces) {
        return new RecordPlan(reading, checks, group, epoch, nonces).plan(desired);
    }

    private Planned plan(SortedMap<String, ServiceTargets> desired) {
        reading.all()
                .forEach(view -> Owned.of(view, group)
                        .forEach(owned -> ours.computeIfAbsent(
                                        new Place(view.zone(), owned.name()), any -> new LinkedHashMap<>())
                                .put(owned.type(), owned)));
        desired.values().forEach(this::claim);
        Set<String> untouched = Set.copyOf(refused.keySet());
        Map<NameChange, String> given = new LinkedHashMap<>();
        claims.forEach((place, some) -> {
            Claim claim = winner(place, some);
            try {
                leaveTo(untouched, place, claim);
                change(place, give(place, claim), claim.service())
                        .ifPresent(change -> given.put(change, claim.service()));
            } catch (Conflict e) {
                refused.put(claim.service(), String.valueOf(e.getMessage()));
            }
        });
        // A service gets all of its names or none.
        given.values().removeAll(refused.keySet());
        List<NameChange> changes = new ArrayList<>(given.keySet());
        ours.forEach((place, some) -> {
            // What a service had under another name stays until it has the new one.
            SortedSet<String> services = services(some);
            boolean stays =
                    !Collections.disjoint(services, refused.keySet()) || !Collections.disjoint(services, staying);
            if (!claims.containsKey(place) && !stays) {
                change(place, leave(place, some), "").ifPresent(changes::add);
            }
        });
        missing.removeIf(check -> refused.containsKey(check.service()));
        return new Planned(changes, refused, List.copyOf(missing));
    }

    private void claim(ServiceTargets wanted) {
        if (!DnsSettings.said(wanted.about().settings(), DnsSettings.NAME)) {
            // One of which something is held, unless somebody has said that even the last of it may go.
            (wanted.targets().isEmpty() && !Asked.keepsLast(wanted.about().settings()) ? asking : staying)
                    .add(wanted.service());
            return;
        }
        try {
            List<Claim> some = Claims.of(wanted, group, () -> ttlThatStands(wanted.service()));
            Optional<String> zone = Claims.zone(wanted);
            List<Zone> zones = reading.zones(wanted.about().settings());
            Map<Place, Claim> placed = new LinkedHashMap<>();
            some.forEach(claim -> placed.put(new Place(Zone.of(claim.name(), zone, zones), claim.name()), claim));
            placed.forEach(this::requireChecks);
            placed.forEach((place, claim) ->
                    claims.computeIfAbsent(place, any -> new TreeMap<>()).put(claim.service(), claim));
            (some.stream().anyMatch(Claim::keeps) ? staying : asking).add(wanted.service());
        } catch (IllegalArgumentException e) {
            refused.put(wanted.service(), String.valueOf(e.getMessage()));
        }
    }

    private void requireChecks(Place place, Claim claim) {
        claim.wishes().values().stream()
                .flatMap(wish -> wish.endpoints().values().stream())
                .flatMap(endpoint -> checks(place.zone()).whyNot(endpoint).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new IllegalArgumentException("%s: %s".formatted(DnsSettings.HEALTH_CHECK, why));
                });
    }

    private Checks checks(Zone zone) {
        return checks.of(reading.writer(zone));
    }

    /** Of any record of this service, in seconds. */
    private long ttlThatStands(String service) {
        return ours.entrySet().stream()
                .flatMap(place -> place.getValue().values().stream()
                        .filter(owned -> owned.said().service().equals(service))
                        .flatMap(owned -> view(place.getKey()).all(owned.name(), owned.type()).stream()))
                .mapToLong(RecordSet::ttlSeconds)
                .filter(ttl -> ttl > 0)
                .findFirst()
                .orElse(Asked.DEFAULT_TTL_SECONDS);
    }

    /** Who has a name keeps it; of others, whoever has it by a setting goes before labels. */
    private Claim winner(Place place, SortedMap<String, Claim> some) {
        SortedSet<String> holders = services(ours.getOrDefault(place, Map.of()));
        Claim winner = Collections.min(
                some.values(),
                Comparator.comparing((Claim claim) -> !holders.contains(claim.service()))
                        .thenComparing(Claim::byLabel)
                        .thenComparing(Claim::service));
        some.keySet().stream()
                .filter(service -> !service.equals(winner.service()))
                .forEach(service -> refused.put(
                        service,
                        (holders.contains(winner.service())
                                        ? "the name %s is that of the service %s"
                                        : "the name %s is asked for by the service %s too, which goes before it")
                                .formatted(place.name(), winner.service())));
        return winner;
    }

    /** Of a service of which nothing is known but what it has, that stays. */
    private void leaveTo(Set<String> holders, Place place, Claim claim) throws Conflict {
        for (String holder : services(ours.getOrDefault(place, Map.of()))) {
            if (holders.contains(holder) && !holder.equals(claim.service())) {
                throw new Conflict("the name %s is that of the service %s".formatted(place.name(), holder));
            }
        }
    }

    private static SortedSet<String> services(Map<String, Owned> some) {
        SortedSet<String> services = new TreeSet<>();
        some.values().forEach(owned -> services.add(owned.said().service()));
        return services;
    }

    private Optional<NameChange> change(Place place, List<RecordChange> changes, String service) {
        SortedSet<String> services = services(ours.getOrDefault(place, Map.of()));
        if (!service.isEmpty()) {
            services.add(service);
        }
        return changes.isEmpty()
                ? Optional.empty()
                : Optional.of(new NameChange(place.zone(), place.name(), List.copyOf(services), changes));
    }

    private List<RecordChange> give(Place place, Claim claim) throws Conflict {
        List<RecordChange> changes = new ArrayList<>();
        for (String type : Claims.TYPES) {
            changes.addAll(give(place, claim, type));
        }
        NameChange all = new NameChange(place.zone(), place.name(), List.of(), changes);
        if (!Batches.fits(all)) {
            throw new Conflict(
                    "%s has too many addresses: a change of it takes %d values and %d characters, and %d and %d is the most"
                            .formatted(
                                    place.name(),
                                    all.records(),
                                    all.characters(),
                                    Batches.RECORDS,
                                    Batches.CHARACTERS));
        }
        return changes;
    }

    private List<RecordChange> give(Place place, Claim claim, String type) throws Conflict {
        ZoneView view = view(place);
        Optional<Owned> mine =
                Optional.ofNullable(ours.getOrDefault(place, Map.of()).get(type));
        List<RecordSet> now = mine.isPresent() ? standing.of(view, mine.get()) : List.of();
        Wish wish = claim.wish(type);
        List<RecordSet> wanted = claim.keeps() ? now : checked(view, claim.service(), wish, wish.sets(now));
        if (wanted.isEmpty()) {
            return away(mine, now);
        }
        if (mine.isEmpty()) {
            standing.free(view, place.name(), type);
        } else {
            standing.goesWithOthers(view, wanted);
        }
        Kind kind = claim.keeps() && mine.isPresent() ? mine.get().said().kind() : wish.kind();
        return there(
                place.name(),
                type,
                mine,
                now,
                wanted,
                new Ownership(group, epoch, "0", claim.service(), kind, claim.outlives(), wish.targets()));
    }

    /** Those for which a check is made name it. */
    private List<RecordSet> checked(ZoneView view, String service, Wish wish, List<RecordSet> sets) {
        return sets.stream()
                .map(set -> Optional.ofNullable(wish.endpoints().get(set.identifier()))
                        .map(endpoint -> set.checkedBy(check(view, service, endpoint)))
                        .orElse(set))
                .toList();
    }

    private String check(ZoneView view, String service, CheckedEndpoint endpoint) {
        Set<String> there = named.computeIfAbsent(view.zone(), any -> view.healthChecks());
        return checks(view.zone()).id(view.zone(), there, endpoint).orElseGet(() -> {
            missing.add(new MissingCheck(view.zone(), endpoint, service));
            return TO_BE_MADE;
        });
    }

    /** Nobody asks for it any more; what only labels asked for stays for whoever comes back. */
    private List<RecordChange> leave(Place place, Map<String, Owned> some) {
        boolean stays = some.values().stream().allMatch(owned -> owned.said().outlives())
                && Collections.disjoint(services(some), asking);
        List<RecordChange> changes = new ArrayList<>();
        some.values().forEach(owned -> {
            if (!stays) {
                changes.addAll(away(Optional.of(owned), standing.left(view(place), owned)));
            } else if (!owned.said().targets().isEmpty()) {
                changes.addAll(there(
                        owned.name(),
                        owned.type(),
                        Optional.of(owned),
                        List.of(),
                        List.of(),
                        owned.said().withoutTargets()));
            }
        });
        return changes;
    }

    private static List<RecordChange> away(Optional<Owned> mine, List<RecordSet> now) {
        List<RecordChange> changes = new ArrayList<>();
        mine.ifPresent(owned -> changes.add(RecordChange.delete(owned.text())));
        now.forEach(set -> changes.add(RecordChange.delete(set)));
        return changes;
    }

    /** What differs, and the text; everything that goes goes first, since a set of another kind is refused beside it. */
    private List<RecordChange> there(
            DnsName name,
            String type,
            Optional<Owned> mine,
            List<RecordSet> now,
            List<RecordSet> wanted,
            Ownership says) {
        if (now.equals(wanted) && mine.isPresent() && mine.get().said().saysTheSame(says)) {
            return List.of();
        }
        List<RecordChange> changes = new ArrayList<>();
        mine.ifPresent(owned -> changes.add(RecordChange.delete(owned.text())));
        now.stream().filter(set -> !wanted.contains(set)).forEach(set -> changes.add(RecordChange.delete(set)));
        wanted.stream().filter(set -> !now.contains(set)).forEach(set -> changes.add(RecordChange.create(set)));
        changes.add(RecordChange.create(says.written(epoch, nonces.get()).record(name, type)));
        return changes;
    }

    private ZoneView view(Place place) {
        return reading.view(place.zone()).orElseThrow();
    }
}
