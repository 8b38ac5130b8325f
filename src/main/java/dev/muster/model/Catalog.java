package dev.muster.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All registrations and settings at one etcd revision, as a reader sees them. Exists only after a successful whole read.
 *
 * @param revision the etcd revision it equals
 * @param settings by service, then by the setting's name
 * @param changedAt by service: the newest revision at which one of its keys changed, as far as this reader saw
 * @param rejected by key: entries that were set aside, and why
 * @param routes by service, then by the agent whose containers lead there
 */
public record Catalog(
        long revision,
        SortedMap<InstanceId, Registration> registrations,
        SortedMap<String, SortedMap<String, String>> settings,
        SortedMap<InstanceId, Goodbye> goodbyes,
        SortedMap<String, Long> changedAt,
        SortedMap<String, String> rejected,
        SortedMap<String, SortedMap<String, List<Route>>> routes) {

    /** By the grammar of names no instance sorts before the one, and next to none after the other. */
    private static final String FIRST = "0";

    private static final String LATE = "zzzz";

    /** One in which no service has routes of others' containers. */
    public Catalog(
            long revision,
            SortedMap<InstanceId, Registration> registrations,
            SortedMap<String, SortedMap<String, String>> settings,
            SortedMap<InstanceId, Goodbye> goodbyes,
            SortedMap<String, Long> changedAt,
            SortedMap<String, String> rejected) {
        this(revision, registrations, settings, goodbyes, changedAt, rejected, new TreeMap<>());
    }

    /** The same with other settings. */
    public Catalog withSettings(SortedMap<String, SortedMap<String, String>> others) {
        return new Catalog(revision, registrations, others, goodbyes, changedAt, rejected, routes);
    }

    /** Every service that has a registration or a setting; costs their number, not that of the instances. */
    public SortedSet<String> services() {
        SortedSet<String> services = new TreeSet<>(settings.keySet());
        String last = "";
        Iterator<InstanceId> rest = registrations.keySet().iterator();
        while (rest.hasNext()) {
            String service = rest.next().service();
            if (!service.equals(last)) {
                services.add(service);
                last = service;
                rest = registrations
                        .tailMap(new InstanceId(service, LATE))
                        .keySet()
                        .iterator();
            }
        }
        return services;
    }

    /** The services that have changed since an earlier catalog of the same history; costs their number, in a feed's catalogs. */
    public SortedSet<String> changedSince(Catalog earlier) {
        return PersistentMap.differing(changedAt, earlier.changedAt);
    }

    /** The registrations of one service, by instance; costs what is found, whatever the size of the whole. */
    public SortedMap<InstanceId, Registration> of(String service) {
        SortedMap<InstanceId, Registration> found = new TreeMap<>();
        each(service).forEach(registration -> found.put(registration.id(), registration));
        return found;
    }

    /** The same, in the order of the instances' names. */
    public List<Registration> each(String service) {
        List<Registration> found = new ArrayList<>();
        if (Name.isValid(service)) {
            for (var entry :
                    registrations.tailMap(new InstanceId(service, FIRST)).entrySet()) {
                if (!entry.getKey().service().equals(service)) {
                    break;
                }
                found.add(entry.getValue());
            }
        }
        return found;
    }

    public Optional<Goodbye> goodbye(InstanceId id) {
        return Optional.ofNullable(goodbyes.get(id));
    }

    /** What other services' containers say of the ways to this one. */
    public List<Route> routesTo(String service) {
        return routes.getOrDefault(service, new TreeMap<>(Map.of())).values().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** @return the setting's value, or empty where the service has none of that name */
    public Optional<String> setting(String service, String name) {
        return Optional.ofNullable(
                settings.getOrDefault(service, new TreeMap<>(Map.of())).get(name));
    }
}
