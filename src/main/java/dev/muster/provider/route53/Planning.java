package dev.muster.provider.route53;

import dev.muster.config.Policy;
import dev.muster.plan.ServiceTargets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What a policy lets become of names and health checks. */
final class Planning {

    private final AllHealthChecks healthChecks;
    private final String group;
    private final Policy policy;

    Planning(AllHealthChecks healthChecks, String group, Policy policy) {
        this.healthChecks = healthChecks;
        this.group = group;
        this.policy = policy;
    }

    /** @see RecordPlan#of */
    RecordPlan.Planned of(
            Reading reading, SortedMap<String, ServiceTargets> desired, long epoch, Supplier<String> nonces) {
        RecordPlan.Planned all = RecordPlan.of(reading, healthChecks.known(), desired, group, epoch, nonces);
        return policy == Policy.SYNC ? all : all.with(Upserts.of(all.changes(), reading.all()));
    }

    /** Those that no record names any more, and that may go once they have been so for long. */
    List<HealthCheck> unused(Reading reading) {
        return policy == Policy.SYNC ? healthChecks.known().unused(reading.all()) : List.of();
    }

    /** By account, those that have to go, as far as that is known without a call. */
    Map<Account, List<HealthCheck>> due() {
        return policy == Policy.SYNC ? healthChecks.due() : Map.of();
    }

    /** Whether what nobody asks for stays all the same. */
    boolean keepsAll() {
        return policy == Policy.UPSERT_ONLY;
    }
}
