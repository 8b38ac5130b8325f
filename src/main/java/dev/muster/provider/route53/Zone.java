package dev.muster.provider.route53;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A hosted zone.
 *
 * @param id without {@code /hostedzone/}
 * @param isPrivate whether only the networks that it is associated with see it
 */
record Zone(String id, DnsName name, boolean isPrivate) {

    /** So many zones are told where none fits. */
    private static final int SHOWN = 5;

    /**
     * The one in which a name's records stand: the one that is asked for, or the one with the longest name that the name is
     * in.
     *
     * @param asked a zone's id or name
     * @throws IllegalArgumentException where there is none, or where it is not one
     */
    static Zone of(DnsName name, Optional<String> asked, Collection<Zone> zones) {
        Optional<Zone> byId = zones.stream()
                .filter(zone -> asked.equals(Optional.of(zone.id)))
                .findFirst();
        List<Zone> fitting = byId.map(List::of)
                .orElseGet(() -> zones.stream()
                        .filter(zone -> asked.isEmpty()
                                ? name.isWithin(zone.name)
                                : zone.name.equals(DnsName.parse(asked.get())))
                        .toList());
        int longest = fitting.stream()
                .mapToInt(zone -> zone.name.text().length())
                .max()
                .orElse(0);
        List<Zone> best = fitting.stream()
                .filter(zone -> zone.name.text().length() == longest)
                .sorted(Comparator.comparing(Zone::id))
                .toList();
        if (best.isEmpty()) {
            throw new IllegalArgumentException("there is no zone %s in which %s could stand%s"
                    .formatted(asked.map(one -> "'" + one + "'").orElse("here"), name, others(zones)));
        }
        if (best.size() > 1) {
            throw new IllegalArgumentException("zone '%s' is %s: allowed is one of these ids"
                    .formatted(
                            best.getFirst().name,
                            best.stream().map(Zone::toString).collect(Collectors.joining(" and "))));
        }
        if (!name.isWithin(best.getFirst().name)) {
            throw new IllegalArgumentException(
                    "name '%s': allowed is a name in the zone %s".formatted(name, best.getFirst().name));
        }
        return best.getFirst();
    }

    private static String others(Collection<Zone> zones) {
        if (zones.isEmpty()) {
            return ": none of this account counts, see --route53-zones";
        }
        return zones.size() > SHOWN
                ? ""
                : zones.stream()
                        .map(zone -> zone.name.text())
                        .sorted()
                        .distinct()
                        .collect(Collectors.joining(", ", ": there are ", ""));
    }

    @Override
    public String toString() {
        return "%s (%s)".formatted(id, isPrivate ? "private" : "public");
    }
}
