package dev.muster.agent;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent has to say of itself, in the log once per transition, and at any time to whoever asks. Thread-safe. */
public final class AgentStatus {

    private static final Logger log = LoggerFactory.getLogger(AgentStatus.class);

    private final Time time;
    private final Consumer<Duration> propagation;
    private final Map<InstanceId, String> blocked = new ConcurrentHashMap<>();
    private final Set<InstanceId> left = ConcurrentHashMap.newKeySet();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong withdrawn = new AtomicLong();
    private volatile SortedMap<String, String> refused = new TreeMap<>();
    private volatile SortedMap<String, String> incomplete = new TreeMap<>();
    private volatile Set<InstanceId> looping = Set.of();
    private volatile Map<InstanceState, Long> held = Map.of();
    private volatile boolean passedOnce;
    private volatile Optional<String> sourceFailure = Optional.empty();
    private volatile Optional<Long> sourceReadNanos = Optional.empty();

    /** @param propagation told how long a run took from its start to its publication */
    public AgentStatus(Time time, Consumer<Duration> propagation) {
        this.time = time;
        this.propagation = propagation;
    }

    /** Registrations held after the last pass, by state. */
    public Map<InstanceState, Long> held() {
        return held;
    }

    public long publishedTotal() {
        return published.get();
    }

    public long withdrawnTotal() {
        return withdrawn.get();
    }

    /** Instances that cannot be published, and why: another owner's, mostly. */
    public Map<InstanceId, String> blocked() {
        return Map.copyOf(blocked);
    }

    /** Containers that cannot be published as their labels have it, and why. */
    public SortedMap<String, String> refused() {
        return refused;
    }

    /** Containers of whose labels something is left out, and why. */
    public SortedMap<String, String> incomplete() {
        return incomplete;
    }

    /** Instances that end again and again: a run of theirs is published only once it has lasted. */
    public Set<InstanceId> looping() {
        return looping;
    }

    /** Since when the engine has not been read; empty before the first reading. */
    public Optional<Duration> sourceAge() {
        return sourceReadNanos.map(time::elapsed);
    }

    /** @return the reason why not, empty when everything has been read and written once and the engine answers */
    public Optional<String> notReady() {
        if (sourceFailure.isPresent()) {
            return sourceFailure;
        }
        return passedOnce ? Optional.empty() : Optional.of("the first pass has not ended yet");
    }

    void passed(Collection<Held> entries) {
        passedOnce = true;
        Map<InstanceState, Long> counts = new TreeMap<>();
        entries.forEach(entry ->
                entry.registration().ifPresent(registration -> counts.merge(registration.state(), 1L, Long::sum)));
        held = Map.copyOf(counts);
    }

    /** What is no longer wanted cannot be blocked. */
    void wanted(Set<InstanceId> ids) {
        blocked.keySet().retainAll(ids);
    }

    void sourceRead() {
        sourceReadNanos = Optional.of(time.nanos());
        if (sourceFailure.isPresent()) {
            log.info("containers can be read again");
            sourceFailure = Optional.empty();
        }
    }

    void sourceFailed(SourceException e) {
        if (sourceFailure.isEmpty()) {
            log.warn("containers cannot be read, what is published stays: {}", e.getMessage());
        }
        sourceFailure = Optional.of(String.valueOf(e.getMessage()));
    }

    void refused(SortedMap<String, String> now) {
        if (!now.equals(refused)) {
            now.forEach((container, why) -> {
                if (!why.equals(refused.get(container))) {
                    log.warn("container {} is not published: {}", container, why);
                }
            });
            refused = now;
        }
    }

    void incomplete(SortedMap<String, String> now) {
        if (!now.equals(incomplete)) {
            now.forEach((container, why) -> {
                if (!why.equals(incomplete.get(container))) {
                    log.warn("of container {} this is left out: {}", container, why);
                }
            });
            incomplete = now;
        }
    }

    void looping(Set<InstanceId> now) {
        for (InstanceId id : now) {
            if (!looping.contains(id)) {
                log.warn(
                        "{} ended twice within {} s and nobody had asked it to: from now on a run of it is published once it has been healthy for {} s",
                        id,
                        CrashLoops.WINDOW.toSeconds(),
                        CrashLoops.PROBATION.toSeconds());
            }
        }
        looping = Set.copyOf(now);
    }

    void published(Registration registration, Optional<Registration> before) {
        published.incrementAndGet();
        blocked.remove(registration.id());
        Run run = registration.instance().run();
        if (before.filter(same -> same.instance().run().equals(run)).isEmpty()) {
            started(registration).ifPresent(propagation);
        }
        String state = registration.state().text()
                + (registration.reason().isEmpty() ? "" : " (" + registration.reason() + ")");
        log.info(
                "{} {} at {}", registration.id(), state, registration.instance().target());
    }

    /** Asked for again with every whole look, and said once. */
    void notWithdrawn(InstanceId id, String why) {
        if (left.add(id)) {
            log.warn("{} is not withdrawn: it {}", id, why);
        }
    }

    void withdrawn(Step step) {
        withdrawn.incrementAndGet();
        left.remove(step.id());
        String how = switch (step) {
            case Step.Withdraw withdraw ->
                "withdrawn, " + withdraw.goodbye().reason().text();
            case Step.LateGoodbye late ->
                "had expired, its goodbye is said now: "
                        + late.goodbye().reason().text();
            case Step.Publish publish -> "withdrawn";
        };
        log.info("{} {}", step.id(), how);
    }

    void blocked(InstanceId id, String why) {
        if (!why.equals(blocked.put(id, why))) {
            log.warn("{} cannot be published: it {}", id, why);
        }
    }

    private Optional<Duration> started(Registration registration) {
        try {
            return Optional.of(
                    Duration.between(Instant.parse(registration.instance().run().startedAt()), time.now()));
        } catch (DateTimeParseException e) {
            log.debug(
                    "{}: no start time in '{}'",
                    registration.id(),
                    registration.instance().run().startedAt());
            return Optional.empty();
        }
    }
}
