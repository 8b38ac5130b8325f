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
 * whether it was done, or one that its account does not take at all, nothing more is sent to that account: what is there has
 * to be looked at first.
 */
final class Delivery {

    private final Zones zones;
    private final Function<ZoneView, List<RecordChange>> fence;
    private final BooleanSupplier mayBegin;
    private final boolean splits;
    private final SortedMap<Place, String> refused = new TreeMap<>();
    private final SortedMap<String, String> failed = new TreeMap<>();
    private final Map<Account, AwsException> broken = new LinkedHashMap<>();

    /**
     * @param fence the steps that go before those of every batch
     * @param mayBegin asked before each call that changes something
     * @param splits whether a batch that is refused is split; not where it may be refused for what others have written since
     */
    Delivery(Zones zones, Function<ZoneView, List<RecordChange>> fence, BooleanSupplier mayBegin, boolean splits) {
        this.zones = zones;
        this.fence = fence;
        this.mayBegin = mayBegin;
        this.splits = splits;
    }

    /**
     * @param changes in the order in which they should be made, which holds within a zone as far as batches allow
     */
    void send(Collection<NameChange> changes) {
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
    void fence(Zone zone) {
        send(zone, List.of());
    }

    private void send(Zone zone, List<NameChange> batch) {
        Optional<ZoneView> view = zones.known().view(zone);
        if (view.isEmpty()) {
            return; // it was deleted a moment ago, as the next look will find
        }
        Account account = zones.account(zone);
        if (broken.containsKey(account)) {
            return;
        }
        List<RecordChange> changes = new ArrayList<>(fence.apply(view.get()));
        batch.forEach(name -> changes.addAll(name.changes()));
        try {
            account.identify();
            account.insync().accepted(account.api().change(zone, changes, mayBegin), Set.copyOf(Found.services(batch)));
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
                case LOST, RETRY, THROTTLED, DENIED -> broken.put(account, e);
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

    /** By account to which nothing more is sent, what became of its last batch. */
    Map<Account, AwsException> broken() {
        return broken;
    }

    /** Whether this role's account takes nothing more. */
    boolean isBroken(String role) {
        return broken.keySet().stream().anyMatch(account -> account.role().equals(role));
    }
}
