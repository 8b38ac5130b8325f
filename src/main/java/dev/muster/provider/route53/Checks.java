package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of the health checks that a group has made, and which of them a record may name. Pure.
 *
 * <p>A check cannot be deleted on a condition, as a record can: a call that comes late deletes it, whatever names it by then.
 * So a record never begins to name one that somebody may have given up: only one that a record names already, or that was
 * made in the same leader's term, and that this leader has not tried to delete.
 */
final class Checks {

    /** Of nobody. */
    static final Checks NONE = new Checks(List.of(), OptionalLong.empty(), Set.of(), Map.of(), Optional.empty());

    private final List<HealthCheck> ours;
    private final OptionalLong epoch;
    private final Set<String> givenUp;
    private final Map<CheckedEndpoint, String> refused;
    private final Optional<String> unread;
    private final Map<CheckedEndpoint, List<HealthCheck>> byEndpoint = new HashMap<>();

    /**
     * @param ours all of the group's
     * @param epoch in which this watcher leads, if it does
     * @param givenUp the ids of those that it has tried to delete
     * @param refused why one that asks this could not be made
     * @param unread why they could not be read, if they could not: then nothing is known of them
     */
    Checks(
            List<HealthCheck> ours,
            OptionalLong epoch,
            Set<String> givenUp,
            Map<CheckedEndpoint, String> refused,
            Optional<String> unread) {
        this.ours = List.copyOf(ours);
        this.epoch = epoch;
        this.givenUp = Set.copyOf(givenUp);
        this.refused = Map.copyOf(refused);
        this.unread = unread;
        ours.stream()
                .sorted(Comparator.comparing(HealthCheck::reference))
                .forEach(check -> check.endpoint()
                        .ifPresent(endpoint -> byEndpoint
                                .computeIfAbsent(endpoint, any -> new ArrayList<>())
                                .add(check)));
    }

    /** Why there is none that asks this, and will be none before they are read again; empty where there may be one. */
    Optional<String> whyNot(CheckedEndpoint endpoint) {
        return unread.or(() -> Optional.ofNullable(refused.get(endpoint)));
    }

    /**
     * The id of the one that a record of this zone is to name; one that a record names already goes before others.
     *
     * @param named in this zone
     */
    Optional<String> id(Zone zone, Set<String> named, CheckedEndpoint endpoint) {
        List<HealthCheck> some = byEndpoint.getOrDefault(endpoint, List.of()).stream()
                .filter(check -> !givenUp.contains(check.id()))
                .filter(check -> reference(check).filter(one -> one.isFor(zone)).isPresent())
                .toList();
        return Stream.concat(
                        some.stream().filter(check -> named.contains(check.id())),
                        some.stream().filter(this::isOfThisTerm))
                .map(HealthCheck::id)
                .findFirst();
    }

    private boolean isOfThisTerm(HealthCheck check) {
        return reference(check)
                .filter(one -> epoch.equals(OptionalLong.of(one.epoch())))
                .isPresent();
    }

    /** Those that no record of their zone names, of zones that were read. */
    List<HealthCheck> unused(Collection<ZoneView> views) {
        if (unread.isPresent()) {
            return List.of();
        }
        Set<String> named = new HashSet<>();
        views.forEach(view -> named.addAll(view.healthChecks()));
        return ours.stream()
                .filter(check ->
                        !named.contains(check.id()) && zone(check, views).isPresent())
                .toList();
    }

    /** In whose records it may stand, if that one was read. */
    private static Optional<Zone> zone(HealthCheck check, Collection<ZoneView> views) {
        return reference(check)
                .flatMap(one ->
                        views.stream().map(ZoneView::zone).filter(one::isFor).findFirst());
    }

    /** Of all of these, as far as they were read. */
    static Set<Zone> zones(List<HealthCheck> checks, Collection<ZoneView> views) {
        return checks.stream()
                .flatMap(check -> zone(check, views).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static boolean isOf(String group, HealthCheck check) {
        return reference(check).filter(one -> one.isOf(group)).isPresent();
    }

    private static Optional<CheckReference> reference(HealthCheck check) {
        return CheckReference.read(check.reference());
    }
}
