package dev.muster.provider.route53;

import java.util.Comparator;

/** A name in a zone. */
record Place(Zone zone, DnsName name) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
            Comparator.comparing((Place place) -> place.zone().id()).thenComparing(Place::name);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
