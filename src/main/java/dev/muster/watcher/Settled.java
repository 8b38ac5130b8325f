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
     * What a pass has come to.
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

    /** Of the last pass that decided of it. */
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
     * After a pass. Where nothing waits or leaves, whatever it has changed, one that finds that in force decides the same.
     *
     * @param targets what is to be there
     * @param known what is known since
     */
    void keep(
            String service,
            Sight sight,
            @Nullable ServiceTargets targets,
            Decision decision,
            @Nullable Known known,
            Optional<Applied> record) {
        services.remove(service);
        if (!sight.isTrusted() || targets == null || known == null) {
            return;
        }
        boolean stays = !known.serving().isEmpty()
                && known.sizes().isPresent()
                && decision.holds().isEmpty()
                && decision.removals().isEmpty()
                && decision.serving().values().stream().allMatch(one -> one.as().state() != InstanceState.DRAINING)
                && record.isPresent()
                && record.get().revision() == known.revision();
        if (stays) {
            Long changedAt = sight.catalog().changedAt().get(service);
            services.put(service, new Service(changedAt, targets, decision, known, record.get()));
        }
    }
}
