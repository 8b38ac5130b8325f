package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.AwsException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What is known of the zones. They are read whole, which takes a call for every 300 record sets, and then followed by what
 * is written; a write that others have made senseless fails, so nothing has to be read again before it.
 */
final class Zones {

    private final Route53Api api;
    private final Set<String> only;
    private final Duration reread;
    private final LongSupplier nanos;
    private final Runnable worked;
    private final SortedMap<String, ZoneView> byId = new TreeMap<>();
    private OptionalLong readAt = OptionalLong.empty();
    private List<ZoneView> views = List.of();
    private int readings;

    /**
     * @param only names or ids of those that count; empty for all
     * @param worked told of each call that was made
     */
    Zones(Route53Api api, Set<String> only, Duration reread, LongSupplier nanos, Runnable worked) {
        this.api = api;
        this.only = only;
        this.reread = reread;
        this.nanos = nanos;
        this.worked = worked;
    }

    /** The same object while nothing is known to have changed. */
    Collection<ZoneView> views() throws AwsException {
        if (readAt.isEmpty() || nanos.getAsLong() - readAt.getAsLong() >= reread.toNanos()) {
            SortedMap<String, ZoneView> found = new TreeMap<>();
            for (Zone zone : api.zones()) {
                if (only.isEmpty()
                        || only.contains(zone.id())
                        || only.contains(zone.name().text())) {
                    read(zone, found);
                }
            }
            readings++;
            readAt = OptionalLong.of(nanos.getAsLong());
            if (!found.equals(byId)) {
                byId.clear();
                byId.putAll(found);
                views = List.copyOf(byId.values());
            }
        }
        return views;
    }

    private void read(Zone zone, SortedMap<String, ZoneView> found) throws AwsException {
        try {
            found.put(zone.id(), api.view(zone, worked));
        } catch (AwsException e) {
            if (e.kind() != Kind.GONE) {
                throw e;
            }
        }
    }

    /** What is known may be wrong: the next look reads. */
    void doubt() {
        readAt = OptionalLong.empty();
    }

    /** How often they were read so far. */
    int readings() {
        return readings;
    }

    /** As they were read last, and written since. */
    Collection<ZoneView> known() {
        return views;
    }

    /** What is known of one; empty where it is not there any more. */
    Optional<ZoneView> view(Zone zone) {
        return Optional.ofNullable(byId.get(zone.id()));
    }

    /** This was done. */
    void done(Zone zone, Collection<RecordChange> changes) {
        worked.run();
        byId.computeIfPresent(zone.id(), (id, view) -> view.after(changes));
        views = List.copyOf(byId.values());
    }
}
