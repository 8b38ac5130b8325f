package dev.muster.agent;

import dev.muster.config.AgentConfig;
import dev.muster.health.Health;
import dev.muster.health.Verdict;
import dev.muster.model.AliasPlaces;
import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import dev.muster.registry.RegistryException;
import dev.muster.source.Container;
import dev.muster.source.ContainerSource;
import dev.muster.source.FirstNames;
import dev.muster.source.HostRules;
import dev.muster.source.PartlyReadException;
import dev.muster.source.Processes;
import dev.muster.source.Registrations;
import dev.muster.source.SourceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry equal to what runs and serves on this host. One pass reads the engine, judges, compares with what this
 * owner holds, and writes the difference, one transaction an instance.
 */
public final class Agent implements ReconcileLoop.Pass {

    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    private static final Duration SOON = Duration.ofMillis(100);
    private static final int FAREWELLS = 3;

    private final AgentConfig config;
    private final ContainerSource source;
    private final Registrations registrations;
    private final Processes processes;
    private final Health health;
    private final RegistrationStore store;
    private final Time time;
    private final AgentStatus status;
    private final Twins twins;
    private final CrashLoops crashLoops;

    private final FirstNames firstNames = new FirstNames();
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final Map<InstanceId, Registration> published = new HashMap<>();
    private final Map<InstanceId, Run> blocked = new HashMap<>();
    private SortedMap<InstanceId, Held> held = new TreeMap<>();
    private Set<String> unread = Set.of();
    private boolean begun;
    private boolean listed;
    private boolean heldKnown;
    private long lastResync;

    /** @param rules by which its containers are named */
    public Agent(
            AgentConfig config,
            ContainerSource source,
            HostRules rules,
            Processes processes,
            Health health,
            RegistrationStore store,
            Time time,
            AgentStatus status) {
        this.config = config;
        this.source = source;
        this.registrations =
                new Registrations(rules, new AliasPlaces(config.etcd().prefix(), config.allowedAliases()));
        this.processes = processes;
        this.health = health;
        this.store = store;
        this.time = time;
        this.status = status;
        this.crashLoops = new CrashLoops(time);
        this.twins = new Twins(rules.sidecar().map(sidecar -> new Registrations(rules.ofHost())), store);
    }

    /** Somebody sent this container a signal, so that its end would be no crash. Thread-safe. */
    public void signalled(String containerId) {
        crashLoops.asked(containerId);
    }

    @Override
    public Duration run(Signal.Look look) throws SourceException, RegistryException {
        boolean everything = look.everything() || !heldKnown || untilResync().isNegative();
        boolean first = !begun;
        if (first) {
            readHeld(); // what a predecessor left lives as long as its lease, and the engine may have to be waited for
            begun = true;
        }
        Optional<SourceException> failure = readContainers(everything || !listed, look.subjects());
        if ((everything && !first) || !store.current()) {
            readHeld();
        }
        if (config.docker().isPresent()) {
            store.describeEngine(failure.isEmpty() || failure.get() instanceof PartlyReadException);
        }
        if (listed) {
            Registrations.Result named = name();
            SortedMap<InstanceId, Candidate> wanted = named.candidates();
            health.follow(wanted);
            crashLoops.follow(inContainers(wanted), health::verdict, !everything);
            status.looping(crashLoops.looping());
            blocked.keySet().retainAll(wanted.keySet());
            status.wanted(wanted.keySet());
            apply(new Steps(config.owner(), wanted, this::verdict, held, published, unread).list());
            if (heldKnown && store.current()) {
                store.announceRoutes(named.routes());
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (everything) {
            lastResync = time.nanos();
        }
        status.passed(held.values());
        return heldKnown ? untilNext() : SOON;
    }

    /**
     * Withdraws everything, each with its goodbye, as its agent leaves. On the loop's thread, or after its end.
     *
     * @throws RegistryException when not everything was withdrawn; what is left, the lease ends
     */
    public void leave() throws RegistryException {
        for (int tries = 0; tries < FAREWELLS; tries++) {
            if (!heldKnown || !store.current()) {
                readHeld();
            }
            apply(new Steps(config.owner(), new TreeMap<>(), health::verdict, held, Map.of(), Set.of()).farewell());
            if (heldKnown && held.isEmpty()) {
                store.announceRoutes(new TreeMap<>());
                return;
            }
        }
        throw new RegistryException("not withdrawn, since it was changed meanwhile: " + held.keySet());
    }

    private SortedMap<InstanceId, Candidate> inContainers(SortedMap<InstanceId, Candidate> wanted) {
        SortedMap<InstanceId, Candidate> some = new TreeMap<>(wanted);
        some.values()
                .removeIf(each -> !containers.containsKey(each.instance().run().containerId()));
        return some;
    }

    private Verdict verdict(Candidate candidate) {
        return crashLoops.onProbation(candidate.id()) ? Verdict.UNDECIDED : health.verdict(candidate);
    }

    private Duration untilNext() {
        Duration next = processes.unsettled().orElseGet(this::untilResync);
        return crashLoops
                .untilNext()
                .filter(sooner -> sooner.compareTo(next) < 0)
                .orElse(next);
    }

    private Duration untilResync() {
        return config.resync().minus(time.elapsed(lastResync));
    }

    /** What cannot be read leaves what is known as it was. */
    private Optional<SourceException> readContainers(boolean everything, Set<String> subjects) {
        try {
            if (everything) {
                take(source.list(), Set.of());
            } else {
                source.findAll(subjects)
                        .forEach((id, found) -> found.ifPresentOrElse(
                                container -> containers.put(id, container), () -> containers.remove(id)));
            }
            status.sourceRead();
            return Optional.empty();
        } catch (SourceException e) {
            if (e instanceof PartlyReadException partly) {
                take(partly.read(), partly.unread());
            }
            status.sourceFailed(e);
            return Optional.of(e);
        }
    }

    /** Those others are there, too, but were not read: of them what was known stays known. */
    private void take(List<Container> read, Set<String> others) {
        containers.keySet().retainAll(others);
        read.forEach(container -> containers.put(container.run().containerId(), container));
        unread = others;
        listed = true;
    }

    private void readHeld() throws RegistryException {
        heldKnown = false;
        held = new TreeMap<>(store.read());
        heldKnown = true;
        blocked.clear();
        held.forEach((id, entry) -> entry.registration().ifPresent(registration -> {
            processes.known(registration);
            nameOf(registration)
                    .ifPresent(name -> firstNames.known(registration.instance().run(), name));
            if (published.put(id, registration) == null) {
                log.info(
                        "{} adopted, {} at {}",
                        id,
                        registration.state().text(),
                        registration.instance().target());
            }
        }));
    }

    /** The name that its container had when it was published. */
    private static Optional<String> nameOf(Registration registration) {
        return Optional.ofNullable(registration.instance().attributes().get(Registrations.CONTAINER));
    }

    private Registrations.Result name() {
        List<Container> named = firstNames.keepAll(containers.values());
        twins.of(named);
        Registrations.Result result = registrations.of(named).with(processes.candidates());
        status.refused(result.refused());
        status.incomplete(result.incomplete());
        return result;
    }

    private void apply(List<Step> steps) throws RegistryException {
        for (Step step : steps) {
            if (!store.current()) {
                heldKnown = false; // this process may have stood still: it looks before it writes
                return;
            }
            if (!isBlocked(step)) {
                apply(step);
            }
        }
    }

    /** What was refused is not asked for again, until everything is read anew or another run asks. */
    private boolean isBlocked(Step step) {
        return step instanceof Step.Publish(Registration registration, Optional<Held> _)
                && registration.instance().run().equals(blocked.get(step.id()));
    }

    private void apply(Step step) throws RegistryException {
        boolean finished = false;
        try {
            Outcome outcome = write(step);
            settle(step, outcome);
            finished = true;
        } finally {
            heldKnown &= finished; // an answer that was lost may have been a yes
        }
    }

    private Outcome write(Step step) throws RegistryException {
        return switch (step) {
            case Step.Publish(Registration registration, Optional<Held> seen) -> publish(registration, seen);
            case Step.Withdraw withdraw -> store.remove(withdraw.held(), withdraw.goodbye());
            case Step.LateGoodbye late -> store.sayGoodbye(late.goodbye());
        };
    }

    private Outcome publish(Registration registration, Optional<Held> seen) throws RegistryException {
        Optional<String> holder = seen.isPresent() ? Optional.empty() : twins.holder(registration);
        return holder.isPresent() ? new Outcome.Refused(holder.get()) : store.put(registration, seen);
    }

    private void settle(Step step, Outcome outcome) {
        InstanceId id = step.id();
        switch (outcome) {
            case Outcome.Done(Held entry) -> {
                held.put(id, entry);
                entry.registration().ifPresent(registration -> {
                    status.published(registration, Optional.ofNullable(published.put(id, registration)));
                });
            }
            case Outcome.Gone() -> {
                held.remove(id);
                published.remove(id);
                status.withdrawn(step);
            }
            case Outcome.Stale() -> heldKnown = false;
            case Outcome.Refused refused -> block(step, "is held by '" + refused.holder() + "'");
            case Outcome.Denied() -> {
                String why = "may not be written by this agent's user of the registry";
                if (!(step instanceof Step.Publish)) {
                    status.notWithdrawn(id, why);
                }
                block(step, why);
            }
            case Outcome.Kept kept ->
                block(
                        step,
                        "was left by '%s' (%s)"
                                .formatted(
                                        kept.goodbye().owner(),
                                        kept.goodbye().reason().text()));
        }
    }

    private void block(Step step, String why) {
        held.remove(step.id());
        if (step instanceof Step.Publish(Registration registration, Optional<Held> _)) {
            blocked.put(step.id(), registration.instance().run());
            status.blocked(step.id(), why);
        } else {
            published.remove(step.id()); // another owner serves it: there is nothing to say goodbye to
        }
    }
}
