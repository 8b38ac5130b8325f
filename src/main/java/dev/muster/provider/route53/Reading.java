package dev.muster.provider.route53;

import dev.muster.model.DnsSettings;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of the zones of every account. An account that could not be read is not one without zones: whatever may stand
 * there is left as it is.
 *
 * @param views by the zones' ids; a zone that several accounts' roles reach stands there once
 * @param zones by role, those of its account that count, each of which has a view
 * @param unread by role, why its account is not read
 */
record Reading(
        SortedMap<String, ZoneView> views, SortedMap<String, List<Zone>> zones, SortedMap<String, String> unread) {

    static final Reading NOTHING = new Reading(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    Reading {
        views = Collections.unmodifiableSortedMap(new TreeMap<>(views));
        zones = Collections.unmodifiableSortedMap(new TreeMap<>(zones));
        unread = Collections.unmodifiableSortedMap(new TreeMap<>(unread));
    }

    /** Of whoever has no other account than its own. */
    static Reading own(Collection<ZoneView> some) {
        SortedMap<String, ZoneView> views = new TreeMap<>();
        some.forEach(view -> views.put(view.zone().id(), view));
        SortedMap<String, List<Zone>> zones = new TreeMap<>(
                Map.of(Account.OWN, views.values().stream().map(ZoneView::zone).toList()));
        return new Reading(views, zones, new TreeMap<>());
    }

    Collection<ZoneView> all() {
        return views.values();
    }

    /** Empty where it is not there any more. */
    Optional<ZoneView> view(Zone zone) {
        return Optional.ofNullable(views.get(zone.id()));
    }

    /**
     * Those in which a service's names may stand.
     *
     * @param asked settings by their names, and labels
     * @throws IllegalArgumentException where it has chosen no role that there is, or one whose account is not read
     */
    List<Zone> zones(Map<String, String> asked) {
        String role = role(asked);
        String why = unread.get(role);
        if (why != null) {
            throw new IllegalArgumentException(notRead(role, why));
        }
        List<Zone> some = zones.get(role);
        if (some == null) {
            throw new IllegalArgumentException("%s '%s': allowed is %s".formatted(DnsSettings.ROLE, role, allowed()));
        }
        return some;
    }

    /** The role of whoever writes in a zone: the first that reaches it. */
    String writer(Zone zone) {
        return zones.entrySet().stream()
                .filter(one -> one.getValue().contains(zone))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Account.OWN);
    }

    /** Of all zones in which a service's names may stand; none where nobody can tell. */
    Set<String> writers(Map<String, String> asked) {
        try {
            return zones(asked).stream().map(this::writer).collect(Collectors.toSet());
        } catch (IllegalArgumentException unknown) {
            return Set.of();
        }
    }

    /**
     * Why nobody can tell what stands of a service.
     *
     * @param found whether something of it was found
     */
    Optional<String> unread(Map<String, String> asked, boolean found) {
        if (!DnsSettings.said(asked, DnsSettings.NAME)) {
            // What it had may stand in any account.
            return unread.entrySet().stream()
                    .filter(any -> !found)
                    .map(one -> notRead(one.getKey(), one.getValue()))
                    .findFirst();
        }
        try {
            zones(asked);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @throws IllegalArgumentException where what is said is none */
    static String role(Map<String, String> asked) {
        return DnsSettings.read(asked, DnsSettings.ROLE).orElse(Account.OWN);
    }

    private String allowed() {
        String roles = Stream.concat(zones.keySet().stream(), unread.keySet().stream())
                .filter(role -> !role.isEmpty())
                .sorted()
                .collect(Collectors.joining(", "));
        return roles.isEmpty() ? "none, since the watcher has no --aws-roles" : "one of --aws-roles: " + roles;
    }

    private static String notRead(String role, String why) {
        return "%s is not read: %s"
                .formatted(
                        role.isEmpty() ? "the watcher's own account" : "the account of the role '" + role + "'", why);
    }

    /** The same once this batch is done. */
    Reading after(Zone zone, Collection<RecordChange> changes) {
        SortedMap<String, ZoneView> next = new TreeMap<>(views);
        next.computeIfPresent(zone.id(), (id, view) -> view.after(changes));
        return new Reading(next, zones, unread);
    }

    /** The same once an account is of no use: a zone stays that another one reaches. */
    Reading without(String role, String why) {
        SortedMap<String, List<Zone>> others = new TreeMap<>(zones);
        others.remove(role);
        SortedMap<String, ZoneView> reached = new TreeMap<>();
        others.values().forEach(some -> some.forEach(zone -> reached.put(zone.id(), views.get(zone.id()))));
        SortedMap<String, String> all = new TreeMap<>(unread);
        all.put(role, why);
        return new Reading(reached, others, all);
    }
}
