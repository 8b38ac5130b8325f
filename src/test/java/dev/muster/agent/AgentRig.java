package dev.muster.agent;

import dev.muster.config.AgentConfig;
import dev.muster.config.AgentConfig.CheckConfig;
import dev.muster.config.AgentConfig.OnStop;
import dev.muster.config.EngineConfig;
import dev.muster.config.EtcdConfig;
import dev.muster.config.LayoutConfig;
import dev.muster.config.NamingConfig;
import dev.muster.config.SidecarConfig;
import dev.muster.config.StaticConfig;
import dev.muster.health.FakeHealth;
import dev.muster.health.Verdict;
import dev.muster.model.Addresses;
import dev.muster.model.InstanceId;
import dev.muster.model.Protocol;
import dev.muster.reconcile.FakeTime;
import dev.muster.reconcile.Signal;
import dev.muster.registry.FakeRegistrationStore;
import dev.muster.registry.FakeRegistry;
import dev.muster.registry.RegistryException;
import dev.muster.source.Container;
import dev.muster.source.ContainerSource;
import dev.muster.source.FakeContainerSource;
import dev.muster.source.HostRules;
import dev.muster.source.Processes;
import dev.muster.source.SampleContainers;
import dev.muster.source.SourceException;
import dev.muster.source.StaticFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One agent between an engine and a registry in memory, whose passes a test makes as {@code ReconcileLoop} would. */
final class AgentRig {

    static final Duration TTL = Duration.ofSeconds(10);
    static final Duration RESYNC = Duration.ofSeconds(60);

    private static final HostRules RULES = new HostRules("host1", new Addresses("", "10.0.0.1"), false, false);
    private static final Map<String, AgentConfig> CONFIGS = new ConcurrentHashMap<>();
    private static final AgentConfig HOST = config("host1");
    private static final Signal.Look EVERYTHING = new Signal.Look(true, Set.of());

    final FakeTime time;
    final FakeRegistry registry;
    final FakeContainerSource engine;
    final FakeHealth health = new FakeHealth();
    final FakeRegistrationStore store;
    final AgentStatus status;
    final Agent agent;
    final List<Duration> propagation = new ArrayList<>();
    Runnable oncePublished = () -> {};
    Duration wait = Duration.ZERO;
    private final Signal signal = new Signal();
    private final ContainerSource.Listener listener;
    private Signal.Look next = EVERYTHING;
    private Optional<String> failure = Optional.empty();

    AgentRig(FakeTime time, FakeRegistry registry, FakeContainerSource engine, AgentConfig config, String machineId) {
        this.time = time;
        this.registry = registry;
        this.engine = engine;
        this.store = new FakeRegistrationStore(
                registry, config.owner(), machineId, TTL, Sidecars.rivals(config), signal::raise);
        this.status = new AgentStatus(time, this::published);
        HostRules rules = config.sidecar().map(RULES::ofSidecar).orElse(RULES);
        StaticFile statics = new StaticFile(config.statics(), entries -> Processes.check(entries, rules), time);
        Processes processes = new Processes(rules, statics, time, new Random(1));
        this.agent = new Agent(config, engine, rules, processes, health, store, time, status);
        this.listener = new ContainerSource.Listener() {
            @Override
            public void changed(String containerId) {
                signal.raise(containerId);
            }

            @Override
            public void anythingChanged() {
                signal.raise();
            }

            @Override
            public void signalled(String containerId) {
                agent.signalled(containerId);
            }
        };
        engine.subscribe(listener);
    }

    private void published(Duration took) {
        propagation.add(took);
        oncePublished.run();
    }

    /** The first agent on its host. */
    static AgentRig fresh() {
        FakeTime time = new FakeTime();
        return new AgentRig(time, new FakeRegistry(time), new FakeContainerSource(), HOST, "m1");
    }

    /** The agent of another machine that has the same name, before the same registry. */
    AgentRig namesake() {
        return new AgentRig(time, registry, new FakeContainerSource(), HOST, "m2");
    }

    /** It withdraws everything, since it is told to end; whether it could. */
    boolean leave() {
        try {
            agent.leave();
            return true;
        } catch (RegistryException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Another agent before the same registry, on a host of its own. */
    AgentRig elsewhere(String owner) {
        return new AgentRig(time, registry, new FakeContainerSource(), config(owner), "machine-of-" + owner);
    }

    /** This agent's process ends, however it ends, and another one is started in its place. */
    AgentRig again(String owner) {
        store.close();
        engine.unsubscribe(listener);
        return beside(owner);
    }

    /** Another process on the same machine, as if no lock kept two of one name apart. */
    AgentRig beside(String owner) {
        return new AgentRig(time, registry, engine, config(owner), "m1");
    }

    /** A sidecar beside this agent; its source reports what this agent's does, as if there were nothing else. */
    AgentRig sidecar(String owner, SidecarConfig sidecar) {
        return new AgentRig(time, registry, engine, config(owner, Optional.of(sidecar)), "m1");
    }

    /** Passes until all is quiet. */
    void settle() {
        for (int passes = 0; !pass(); passes++) {
            if (passes > 50) {
                throw new AssertionError("never quiet: " + failure);
            }
        }
    }

    /** All is found healthy, and the agent is told. */
    void settleHealthy() {
        settle();
        health.allAre(Verdict.HEALTHY);
        settle();
    }

    /** One pass; whether it ended well, and nothing asks for another one. */
    boolean pass() {
        boolean well = false;
        next = both(next, await());
        try {
            wait = agent.run(next);
            failure = Optional.empty();
            next = await();
            well = wait.toMillis() > 200 && next.nothing();
            if (wait.toMillis() <= 200) {
                time.advance(wait.plusMillis(1)); // as the loop would
            }
        } catch (SourceException | RegistryException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            next = EVERYTHING;
        }
        return well;
    }

    /** What the last pass failed of. */
    Optional<String> failure() {
        return failure;
    }

    /** Time passes without an event, until the next look at everything. */
    void resync() {
        time.advance(RESYNC.plusMillis(1));
        settle();
    }

    /** A container of service {@code web} that asks for the default check. */
    static Container web(String instance) {
        return container(instance, true, SampleContainers.STARTED_AT);
    }

    static Container unchecked(String instance) {
        return container(instance, false, SampleContainers.STARTED_AT);
    }

    static InstanceId id(String instance) {
        return new InstanceId("web", instance);
    }

    static Container container(String instance, boolean checked, String startedAt) {
        SampleContainers container = SampleContainers.named(instance)
                .bound(80, Protocol.TCP, "0.0.0.0", 20_000 + Math.floorMod(instance.hashCode(), 10_000))
                .label("muster.service", "web")
                .label("muster.instance", instance)
                .startedAt(startedAt);
        return (checked ? container : container.label("muster.check", "none")).build();
    }

    private static Signal.Look both(Signal.Look one, Signal.Look other) {
        Set<String> subjects = new LinkedHashSet<>(one.subjects());
        subjects.addAll(other.subjects());
        return new Signal.Look(one.everything() || other.everything(), subjects);
    }

    private Signal.Look await() {
        try {
            return signal.await(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static AgentConfig config(String owner) {
        return CONFIGS.computeIfAbsent(owner, name -> config(name, Optional.empty()));
    }

    private static AgentConfig config(String owner, Optional<SidecarConfig> sidecar) {
        return new AgentConfig(
                new EtcdConfig(List.of(URI.create("http://127.0.0.1:1")), "/services", EtcdConfig.DEFAULT_TIMEOUT),
                Optional.of(EngineConfig.plain(URI.create("unix:///nowhere"))),
                "host1",
                owner,
                TTL,
                RESYNC,
                Path.of("/nowhere"),
                false,
                OnStop.KEEP,
                Optional.empty(),
                Optional.of("10.0.0.1"),
                false,
                false,
                LayoutConfig.DEFAULT,
                List.of(),
                CheckConfig.DEFAULT,
                false,
                NamingConfig.DEFAULT,
                sidecar,
                StaticConfig.NONE);
    }
}
