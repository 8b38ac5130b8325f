package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Brings changes to Route 53, in as few batches as there can be. A batch is all or nothing, so one that is refused although
 * it goes by what is there now is split until the name that it is refused for stands alone. After one of which nobody knows
 * whether it was done, nothing more is sent: what is there has to be looked at first.
 */
final class Delivery {

    private final Route53Api api;
    private final Zones zones;
    private final Insync insync;
    private final Function<ZoneView, List<RecordChange>> fence;
    private final BooleanSupplier mayBegin;
    private final boolean splits;
    private final SortedMap<Place, String> refused = new TreeMap<>();
    private final SortedMap<String, String> failed = new TreeMap<>();
    private Optional<AwsException> lost = Optional.empty();

    /**
     * @param fence the steps that go before those of every batch
     * @param mayBegin asked before each call that changes something
     * @param splits whether a batch that is refused is split; not where it may be refused for what others have written since
     */
    Delivery(
            Route53Api api,
            Zones zones,
            Insync insync,
            Function<ZoneView, List<RecordChange>> fence,
            BooleanSupplier mayBegin,
            boolean splits) {
        this.api = api;
        this.zones = zones;
        this.insync = insync;
        this.fence = fence;
        this.mayBegin = mayBegin;
        this.splits = splits;
    }

    /**
     * @param changes in the order in which they should be made, which holds within a zone as far as batches allow
     * @throws AwsException when it makes no sense to go on
     */
    void send(Collection<NameChange> changes) throws AwsException {
        Map<Zone, List<NameChange>> byZone = new LinkedHashMap<>();
        changes.forEach(change ->
                byZone.computeIfAbsent(change.zone(), any -> new ArrayList<>()).add(change));
        for (Map.Entry<Zone, List<NameChange>> zone : byZone.entrySet()) {
            for (List<NameChange> batch : Batches.of(zone.getValue())) {
                send(zone.getKey(), batch);
            }
        }
    }

    /** Renews this zone's fence, and nothing else. */
    void fence(Zone zone) throws AwsException {
        send(zone, List.of());
    }

    private void send(Zone zone, List<NameChange> batch) throws AwsException {
        if (lost.isPresent()) {
            return;
        }
        Optional<ZoneView> view = zones.view(zone);
        if (view.isEmpty()) {
            return; // it was deleted a moment ago, as the next look will find
        }
        List<RecordChange> changes = new ArrayList<>(fence.apply(view.get()));
        batch.forEach(name -> changes.addAll(name.changes()));
        try {
            insync.accepted(api.change(zone, changes, mayBegin), Set.copyOf(Found.services(batch)));
            zones.done(zone, changes);
        } catch (AwsException e) {
            switch (e.kind()) {
                case REFUSED -> {
                    if (batch.isEmpty()) {
                        refused.put(new Place(zone, changes.getLast().set().name()), String.valueOf(e.getMessage()));
                    } else if (batch.size() == 1 || !splits) {
                        batch.forEach(name -> refuse(name, e));
                    } else {
                        send(zone, batch.subList(0, batch.size() / 2));
                        send(zone, batch.subList(batch.size() / 2, batch.size()));
                    }
                }
                case GONE -> batch.forEach(name -> refuse(name, e));
                case LOST -> lost = Optional.of(e);
                case RETRY, THROTTLED, DENIED -> throw e;
            }
        }
    }

    private void refuse(NameChange name, AwsException e) {
        refused.put(name.place(), String.valueOf(e.getMessage()));
        name.services().forEach(service -> failed.put(service, String.valueOf(e.getMessage())));
    }

    /** By place, why its change was not accepted. */
    SortedMap<Place, String> refused() {
        return refused;
    }

    /** The same by service. */
    SortedMap<String, String> failed() {
        return failed;
    }

    /** A batch of which nobody knows whether it was done. */
    Optional<AwsException> lost() {
        return lost;
    }
}
