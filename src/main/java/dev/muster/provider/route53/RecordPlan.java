package dev.muster.provider.route53;

import dev.muster.model.ServiceSettings;
import dev.muster.plan.ServiceTargets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Compares what services ask for with what the zones hold. What is this group's is known by the text beside it; a name at
 * which anything else stands is left as it is, and the service that asks for it is told why. Pure.
 */
final class RecordPlan {

    /**
     * @param changes first those that give something, then those that only take away
     * @param refused by service: why it does not get what it asks for
     */
    record Planned(List<NameChange> changes, SortedMap<String, String> refused) {}

    /** A name at which something stands that is not ours. */
    private static final class Conflict extends Exception {
        private Conflict(String message) {
            super(message);
        }
    }

    private final SortedMap<String, ZoneView> views = new TreeMap<>();
    private final String group;
    private final long epoch;
    private final Supplier<String> nonces;

    /** By place, what stands there that is ours, by type. */
    private final SortedMap<Place, Map<String, Owned>> ours = new TreeMap<>();

    private final SortedMap<Place, SortedMap<String, Claim>> claims = new TreeMap<>();
    private final SortedMap<String, String> refused = new TreeMap<>();

    /** Those that ask for no name any more and of which something is held: what they have stays as it is. */
    private final SortedSet<String> unnamed = new TreeSet<>();

    private RecordPlan(Collection<ZoneView> views, String group, long epoch, Supplier<String> nonces) {
        views.forEach(view -> this.views.put(view.zone().id(), view));
        this.group = group;
        this.epoch = epoch;
        this.nonces = nonces;
    }

    /**
     * @param views of every zone in which records of ours may stand
     * @param desired by service, whole: what is ours and not in it goes
     * @param epoch in which this watcher leads
     * @param nonces one for each text that is written
     */
    static Planned of(
            Collection<ZoneView> views,
            SortedMap<String, ServiceTargets> desired,
            String group,
            long epoch,
            Supplier<String> nonces) {
        return new RecordPlan(views, group, epoch, nonces).plan(desired);
    }

    private Planned plan(SortedMap<String, ServiceTargets> desired) {
        views.values()
                .forEach(view -> Owned.of(view, group)
                        .forEach(owned -> ours.computeIfAbsent(
                                        new Place(view.zone(), owned.name()), any -> new LinkedHashMap<>())
                                .put(owned.type(), owned)));
        desired.values().forEach(this::claim);
        List<NameChange> gives = new ArrayList<>();
        claims.forEach((place, some) -> {
            Claim claim = winner(place, some);
            try {
                change(place, give(place, claim), claim.service()).ifPresent(gives::add);
            } catch (Conflict e) {
                refused.put(claim.service(), String.valueOf(e.getMessage()));
            }
        });
        List<NameChange> takes = new ArrayList<>();
        ours.forEach((place, some) -> {
            // What a service had under another name stays until it has the new one.
            SortedSet<String> services = services(some);
            boolean stays =
                    !Collections.disjoint(services, refused.keySet()) || !Collections.disjoint(services, unnamed);
            if (!claims.containsKey(place) && !stays) {
                change(place, take(place, some), "").ifPresent(takes::add);
            }
        });
        gives.addAll(takes);
        return new Planned(gives, refused);
    }

    private void claim(ServiceTargets wanted) {
        if (!wanted.about().settings().containsKey(ServiceSettings.DNS_NAME.name())) {
            unnamed.add(wanted.service());
            return;
        }
        try {
            Claim claim = Claim.of(wanted);
            Zone zone = Zone.of(
                    claim.name(),
                    claim.zone(),
                    views.values().stream().map(ZoneView::zone).toList());
            claims.computeIfAbsent(new Place(zone, claim.name()), any -> new TreeMap<>())
                    .put(claim.service(), claim);
        } catch (IllegalArgumentException e) {
            refused.put(wanted.service(), String.valueOf(e.getMessage()));
        }
    }

    /** Who has a name keeps it. */
    private Claim winner(Place place, SortedMap<String, Claim> some) {
        SortedSet<String> holders = services(ours.getOrDefault(place, Map.of()));
        Claim winner = some.values().stream()
                .filter(claim -> holders.contains(claim.service()))
                .findFirst()
                .orElseGet(() -> some.values().iterator().next());
        some.keySet().stream()
                .filter(service -> !service.equals(winner.service()))
                .forEach(service -> refused.put(
                        service, "the name %s is that of the service %s".formatted(place.name(), winner.service())));
        return winner;
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
        Map<String, Owned> owned = ours.getOrDefault(place, Map.of());
        boolean keeps = !claim.isServed() && claim.keepsLast();
        List<RecordChange> changes = new ArrayList<>();
        for (String type : Claim.TYPES) {
            Optional<Owned> mine = Optional.ofNullable(owned.get(type));
            Optional<RecordSet> now = mine.isPresent() ? standing(place, type) : Optional.empty();
            List<String> addresses = claim.addresses(type);
            Optional<RecordSet> wanted = keeps
                    ? now
                    : addresses.isEmpty()
                            ? Optional.empty()
                            : Optional.of(RecordSet.simple(place.name(), type, claim.ttlSeconds(), addresses));
            if (wanted.isPresent() && mine.isEmpty()) {
                free(place, type);
            }
            changes.addAll(wanted.isEmpty() ? away(mine, now) : there(claim, type, mine, now, wanted.get()));
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

    private List<RecordChange> take(Place place, Map<String, Owned> some) {
        List<RecordChange> changes = new ArrayList<>();
        some.forEach((type, owned) -> {
            try {
                changes.addAll(away(Optional.of(owned), standing(place, type)));
            } catch (Conflict changedByHand) {
                // Nobody asks for it any more, and what a person has made of it is the person's.
                changes.addAll(away(Optional.of(owned), Optional.empty()));
            }
        });
        return changes;
    }

    private static List<RecordChange> away(Optional<Owned> mine, Optional<RecordSet> now) {
        List<RecordChange> changes = new ArrayList<>();
        mine.ifPresent(owned -> changes.add(RecordChange.delete(owned.text())));
        now.ifPresent(set -> changes.add(RecordChange.delete(set)));
        return changes;
    }

    private List<RecordChange> there(
            Claim claim, String type, Optional<Owned> mine, Optional<RecordSet> now, RecordSet wanted) {
        Ownership says = new Ownership(group, epoch, "0", claim.service(), claim.targets(type));
        boolean sameSet = now.equals(Optional.of(wanted));
        if (sameSet && mine.isPresent() && mine.get().said().saysTheSame(says)) {
            return List.of();
        }
        Ownership written = new Ownership(group, epoch, nonces.get(), claim.service(), claim.targets(type));
        List<RecordChange> changes = new ArrayList<>();
        mine.ifPresent(owned -> changes.add(RecordChange.delete(owned.text())));
        if (!sameSet) {
            now.ifPresent(set -> changes.add(RecordChange.delete(set)));
            changes.add(RecordChange.create(wanted));
        }
        changes.add(RecordChange.create(written.record(wanted.name(), type)));
        return changes;
    }

    /** What stands at a name of ours, whoever may have changed it, as long as it is still a plain record. */
    private Optional<RecordSet> standing(Place place, String type) throws Conflict {
        List<RecordSet> all = view(place).all(place.name(), type);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (all.size() > 1 || !all.getFirst().isSimple()) {
            throw new Conflict("%s %s was made another kind of record by hand (%s): remove it, or unset dns_name"
                    .formatted(place.name(), type, all.getFirst().words()));
        }
        return Optional.of(all.getFirst());
    }

    private void free(Place place, String type) throws Conflict {
        ZoneView view = view(place);
        for (String taken : List.of(type, "CNAME")) {
            List<RecordSet> there = view.all(place.name(), taken);
            if (!there.isEmpty()) {
                throw new Conflict("%s %s (%s) stands there already: it is %s"
                        .formatted(
                                place.name(),
                                taken,
                                there.getFirst().words(),
                                Strangers.owner(view, place.name(), taken)));
            }
        }
        DnsName beside = Ownership.place(place.name(), type);
        if (beside.text().length() > 253) {
            throw new Conflict("%s is too long: 240 characters are the most".formatted(place.name()));
        }
        if (!view.all(beside, "TXT").isEmpty()) {
            throw new Conflict("%s TXT stands there already: it is %s"
                    .formatted(beside, Strangers.owner(view, place.name(), type)));
        }
    }

    private ZoneView view(Place place) {
        return Objects.requireNonNull(views.get(place.zone().id()), place.zone().id());
    }
}
