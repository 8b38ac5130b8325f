package dev.muster.watcher;

import dev.muster.model.InstanceState;
import dev.muster.plan.Decision;
import dev.muster.plan.ServiceTargets;
import dev.muster.registry.Applied;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Services that need no decision, since nothing that one rests on differs from a pass that left them as they were. So one
 * change among very many instances costs what its own service costs. Nothing is remembered of what waits for time to pass
 * (what is held, what drains), nor while the registry is out of sync or unsettled.
 */
@SuppressWarnings("ReferenceEquality") // the same record and the same serving map are unchanged ones
final class Settled {

    /**
     * A pass that left a service as it was.
     *
     * @param changedAt the newest change of the service that the pass saw
     */
    record Service(@Nullable Long changedAt, ServiceTargets targets, Decision decision, Known known, Applied record) {}

    private final Map<String, Service> services = new HashMap<>();
    private long revision;

    /** Before a pass. @return whether anything that was remembered still counts */
    boolean begin(Sight sight) {
        long now = sight.catalog().revision();
        boolean counts = sight.isTrusted() && now >= revision;
        if (!counts) {
            services.clear();
        }
        revision = now;
        return counts;
    }

    boolean has(String service) {
        return services.containsKey(service);
    }

    /** Of the pass that left the service as it was. */
    @Nullable
    Decision decision(String service) {
        Service last = services.get(service);
        return last == null ? null : last.decision();
    }

    /** There is nothing of it any more. */
    void forget(String service) {
        services.remove(service);
    }

    /** That pass, if this one would be the same. */
    Optional<Service> find(
            String service,
            Sight sight,
            @Nullable ServiceTargets actual,
            @Nullable Known known,
            Optional<Applied> record) {
        Service last = services.get(service);
        if (last == null
                || last.known() != known
                || last.record() != record.orElse(null)
                || !Objects.equals(last.changedAt(), sight.catalog().changedAt().get(service))
                || !last.targets().equals(actual)) {
            return Optional.empty();
        }
        return Optional.of(last);
    }

    /**
     * After a pass, which may have changed something: then it is the next that will leave the service as it is.
     *
     * @param before what the pass found to be in force
     * @param after what is known since
     */
    void keep(
            String service,
            Sight sight,
            @Nullable ServiceTargets targets,
            Decision decision,
            @Nullable Known before,
            @Nullable Known after,
            Optional<Applied> record) {
        services.remove(service);
        if (!sight.isTrusted() || targets == null || before == null || after == null) {
            return;
        }
        boolean leaves = !after.serving().isEmpty()
                && before.serving().equals(after.serving())
                && before.sizes().isPresent()
                && decision.holds().isEmpty()
                && decision.removals().isEmpty()
                && decision.serving().values().stream().allMatch(one -> one.as().state() != InstanceState.DRAINING)
                && record.isPresent()
                && record.get().revision() == after.revision();
        if (leaves) {
            Long changedAt = sight.catalog().changedAt().get(service);
            services.put(service, new Service(changedAt, targets, decision, after, record.get()));
        }
    }
}
