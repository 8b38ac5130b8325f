package dev.muster.provider.route53;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** By service, for how long after its last change somebody may still go by what was there before. */
final class Lags {

    private final Zones zones;
    private final Map<String, Duration> byService = new HashMap<>();

    /** @param zones as they are before a change */
    Lags(Zones zones) {
        this.zones = zones;
    }

    /** Empty where nothing of it was changed. */
    Optional<Duration> of(String service) {
        return Optional.ofNullable(byService.get(service));
    }

    /** Whoever has asked before these changes goes by what stood there then, or by that nothing did. */
    void remember(List<NameChange> changes) {
        Map<String, Duration> now = new HashMap<>();
        for (NameChange change : changes) {
            lag(change)
                    .ifPresent(lag -> change.services()
                            .forEach(service ->
                                    now.merge(service, lag, (one, other) -> one.compareTo(other) > 0 ? one : other)));
        }
        byService.putAll(now);
    }

    /** Empty where only what the text says of instances differs. */
    private Optional<Duration> lag(NameChange change) {
        List<RecordChange> ofRecords = change.changes().stream()
                .filter(one -> Claims.TYPES.contains(one.set().type()))
                .toList();
        if (ofRecords.isEmpty()) {
            return Optional.empty();
        }
        long before = ofRecords.stream()
                .filter(one -> one.action() == RecordChange.Action.DELETE)
                .mapToLong(one -> one.set().ttlSeconds())
                .max()
                .orElseGet(() -> zones.known()
                        .view(change.zone())
                        .map(ZoneView::negativeTtlSeconds)
                        .orElse(0L));
        return Optional.of(Duration.ofSeconds(before));
    }
}
