package dev.muster.watcher;

import dev.muster.plan.Decision;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Provider;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of the services at one provider, and what the records say of them. */
final class Bookkeeping {

    private static final Known NOBODY = new Known(new TreeMap<>(), Optional.empty(), 0, Map.of());

    private final Provider provider;
    private final Overrules overrules;
    private final Records records;
    private final Drains drains;
    private final Time time;
    private final SortedMap<String, Known> known = new TreeMap<>();

    /** By service, when the oldest news of it arrived that is not applied yet. */
    private final Map<String, Long> news = new HashMap<>();

    Bookkeeping(Provider provider, Overrules overrules, Drains drains, Time time) {
        this.provider = provider;
        this.overrules = overrules;
        this.records = overrules.records();
        this.drains = drains;
        this.time = time;
    }

    /** Whether the registry takes records, as far as is known. */
    boolean answers() {
        return records.answers();
    }

    boolean knows(String service) {
        return known.containsKey(service);
    }

    @Nullable
    Known known(String service) {
        return known.get(service);
    }

    /** What it says, or will say as soon as the registry has taken it. */
    Optional<Applied> said(String service) {
        return records.said(key(service));
    }

    boolean isRecorded(String service) {
        return records.of(key(service)).isPresent();
    }

    /** All that are known or recorded. */
    Set<String> services() {
        Set<String> services = new HashSet<>(known.keySet());
        services.addAll(records.services(provider.name()));
        return services;
    }

    /** Says of these that they will be steered. */
    void announce(Set<String> services) {
        List<Applied> first = new ArrayList<>();
        services.forEach(service -> first.add(Known.nothing(place(service), 0, time.now(), safeAfter(service))));
        records.writeNow(first);
    }

    /** Whatever keeps its newest change from being applied at once, this is when its time began. */
    void notice(Sight sight, String service, boolean isWanted) {
        Known before = known.get(service);
        if (before == null && !isWanted) {
            return;
        }
        long applied = before != null
                ? before.revision()
                : records.of(key(service)).map(Applied::revision).orElse(0L);
        if (sight.catalog().changedAt().getOrDefault(service, 0L) > applied) {
            news.putIfAbsent(service, sight.receivedNanos());
        }
    }

    Known recall(String service, Optional<ServiceTargets> actual) {
        Known before = known.get(service);
        Known now = before == null ? Known.adopt(records.of(key(service)), records.areRead(), actual) : before;
        if (now.sizes().isEmpty() && records.areRead()) {
            now = records.of(key(service)).map(now::recall).orElse(now.withoutRecord());
        }
        known.put(service, now);
        return now;
    }

    /** These may be in force, in part. That so many may stand there is recorded, or whoever comes next would not know it. */
    void perhaps(Map<String, Decision> decisions) {
        decisions.forEach((service, decision) -> {
            Known now = perhaps(service, decision);
            if (now != null && now.sizes().isPresent()) {
                said(service)
                        .ifPresent(record ->
                                records.write(record.withSizes(now.sizes().get().points())));
            }
        });
    }

    private @Nullable Known perhaps(String service, Decision decision) {
        return known.computeIfPresent(service, (name, before) -> before.perhaps(decision, time.now()));
    }

    /** What comes back and goes again while nothing can be decided begins to be missed anew: it was not, in between. */
    void seen(Function<String, DesiredTargets> wanted) {
        known.replaceAll((service, before) -> before.seen(wanted.apply(service).targets()));
    }

    /** The same of one service. */
    void seen(String service, DesiredTargets wanted) {
        known.computeIfPresent(service, (name, before) -> before.seen(wanted.targets()));
    }

    /**
     * The provider does not take the service as it is to be.
     *
     * @param there whether something of it is there, as it was
     */
    void refused(Sight sight, String service, Decision decision, boolean there, List<Refusal> said) {
        long revision = revision(sight, service);
        known.computeIfPresent(
                service, (name, before) -> there ? before.perhaps(decision, time.now()) : before.leftOut(revision));
        if (!sight.synced()) {
            return;
        }
        Optional<Applied> record = there
                ? said(service)
                : Optional.of(Known.nothing(place(service), revision, time.now(), safeAfter(service)));
        record.ifPresent(stands -> records.write(stands.withRefused(said)));
    }

    /**
     * Nobody knows what stands of the service.
     *
     * @param decision which may be in force, in part
     */
    void unread(Sight sight, String service, Optional<Decision> decision, List<Refusal> said) {
        decision.ifPresent(some -> perhaps(service, some));
        if (sight.synced()) {
            said(service).ifPresent(stands -> records.write(stands.withRefused(said)));
        }
    }

    /** The decision is in force. */
    void applied(Sight sight, String service, Decision decision, List<Refusal> refused) {
        Known before = known.getOrDefault(service, NOBODY);
        long revision = revision(sight, service);
        Optional<Duration> took = Optional.ofNullable(news.remove(service)).map(time::elapsed);
        Known now = before.after(decision, revision, new Applied.Since(time.now(), revision, took));
        known.put(service, now);
        if (!sight.synced() || now.sizes().isEmpty()) {
            return;
        }
        long released = overrules.obeyed(key(service), decision.holds());
        if (now.serving().isEmpty()) {
            records.delete(key(service));
            if (!isRecorded(service)) {
                known.remove(service);
            }
        } else {
            Applied.Leaving leaving =
                    new Applied.Leaving(drains.of(service, decision), decision.last(), safeAfter(service));
            records.write(now.record(place(service), time.now(), decision, leaving, released)
                    .withRefused(refused));
        }
    }

    /** The newest change of it that has been seen. */
    private long revision(Sight sight, String service) {
        long changed = sight.catalog().changedAt().getOrDefault(service, 0L);
        return Known.newest(
                known.getOrDefault(service, NOBODY).revision(),
                changed,
                sight.catalog().revision());
    }

    /** Zero where the provider cannot say it: then the record's own time is all there is to wait for. */
    private Optional<Duration> safeAfter(String service) {
        return provider.synchronous()
                ? Optional.empty()
                : provider.safeAfter(service).or(() -> Optional.of(Duration.ZERO));
    }

    private Known.Place place(String service) {
        return new Known.Place(service, provider.name(), records.name());
    }

    Records.Key key(String service) {
        return new Records.Key(service, provider.name());
    }
}
