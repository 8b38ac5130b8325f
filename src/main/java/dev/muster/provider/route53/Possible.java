package dev.muster.provider.route53;

import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Isolation;
import dev.muster.provider.Refusals;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What the zones can have of what services ask for, as far as is known without a call. A service whose name is somebody
 * else's, or was not accepted, has what it has there, and nothing of that is touched; all others have what they ask for.
 */
final class Possible {

    private final Zones zones;
    private final AllHealthChecks healthChecks;
    private final String group;
    private final LongSupplier nanos;

    /** What was not accepted for what it is: not tried again before the zones were read again. */
    private final SortedMap<Place, String> parked = new TreeMap<>();

    private int readings;
    private boolean stale = true;
    private Reading reading = Reading.NOTHING;
    private AllChecks checks = AllChecks.NONE;
    private SortedMap<String, ServiceTargets> asked = new TreeMap<>();
    private Refusals refusals;

    Possible(Zones zones, AllHealthChecks healthChecks, String group, LongSupplier nanos) {
        this.zones = zones;
        this.healthChecks = healthChecks;
        this.group = group;
        this.nanos = nanos;
        this.refusals = new Refusals(false, nanos);
    }

    /** The same object where nothing is refused. */
    @SuppressWarnings("ReferenceEquality") // the same object is what was looked at before
    SortedMap<String, ServiceTargets> of(SortedMap<String, ServiceTargets> desired) {
        forget();
        if (stale || reading != zones.known() || checks != healthChecks.known() || !desired.equals(asked)) {
            reading = zones.known();
            checks = healthChecks.known();
            asked = desired;
            refusals = judge();
            stale = false;
        }
        return refusals.possible(desired);
    }

    /** By service, what it did not get when it was asked last. */
    SortedMap<String, Refusal> refusals() {
        return refusals.told();
    }

    /** These changes were not accepted. */
    void park(SortedMap<Place, String> refused) {
        forget();
        parked.putAll(refused);
        stale = true;
    }

    private void forget() {
        if (readings != zones.readings()) {
            readings = zones.readings();
            parked.clear();
            stale = true;
        }
    }

    private Refusals judge() {
        RecordPlan.Planned planned = RecordPlan.of(reading, checks, asked, group, 0, () -> "0");
        SortedMap<String, String> refused = new TreeMap<>(planned.refused());
        planned.changes().stream()
                .filter(change -> parked.containsKey(change.place()))
                .forEach(change -> change.services()
                        .forEach(service -> refused.put(service, parked.getOrDefault(change.place(), ""))));
        Refusals judged = new Refusals(false, nanos);
        if (!refused.isEmpty()) {
            judged.add(asked, new Isolation.Found(Found.asItStands(reading.all(), group), refused));
        }
        return judged;
    }
}
