package dev.muster.wiring;

import dev.muster.agent.Agent;
import dev.muster.agent.AgentStatus;
import dev.muster.agent.Sidecars;
import dev.muster.config.AgentConfig;
import dev.muster.config.AgentSettings;
import dev.muster.config.EngineConfig;
import dev.muster.config.UsageException;
import dev.muster.config.Version;
import dev.muster.health.HealthMonitor;
import dev.muster.health.TcpCheck;
import dev.muster.http.Metrics;
import dev.muster.http.Timing;
import dev.muster.model.InstanceState;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.OwnerLock;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdKeys;
import dev.muster.registry.etcd.EtcdRegistrationStore;
import dev.muster.source.ContainerSource;
import dev.muster.source.FileWatch;
import dev.muster.source.HostAddresses;
import dev.muster.source.HostRules;
import dev.muster.source.NoContainers;
import dev.muster.source.Processes;
import dev.muster.source.Selection;
import dev.muster.source.StaticFile;
import dev.muster.source.docker.DockerContainers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent and all that stands behind its ports, from the owner's lock to its leaving. */
final class AgentRole implements Role {

    private static final Logger log = LoggerFactory.getLogger(AgentRole.class);

    private final AgentConfig config;
    private final Optional<OwnerLock> lock;
    private final Signal signal = new Signal();
    private final Optional<DockerContainers> docker;
    private final ContainerSource source;
    private final StaticFile statics;
    private Optional<FileWatch> fileWatch = Optional.empty();
    private final EtcdConnection connection;
    private final RegistrationStore store;
    private final HealthMonitor health;
    private final AgentStatus status;
    private final Agent agent;
    private final Metrics metrics = new Metrics();

    AgentRole(AgentConfig config) {
        this.config = config;
        Time time = Time.system();
        HostRules rules = rulesOrRefusal(config);
        this.statics = statics(config, rules, time);
        this.docker = config.docker().map(engine -> engine(engine, config));
        this.source = docker.<ContainerSource>map(engine -> engine).orElseGet(NoContainers::new);
        this.lock = config.lock()
                ? Optional.of(OwnerLock.take(config.stateDir(), "agent", config.owner()))
                : Optional.empty();
        Timing propagation = metrics.timing(
                "propagation_seconds", "From the cause to the effect, by provider", "provider", "registry");
        this.status = new AgentStatus(time, propagation::record);
        this.connection = new EtcdConnection(config.etcd());
        connection.warm(); // its first call takes as long as all that follows here
        this.store = new EtcdRegistrationStore(
                connection,
                new EtcdKeys(config.etcd().prefix()),
                config.layouts(),
                new OwnerIdentity(
                        config.owner(), config.host(), Version.current(), MachineIdentity.read(config.lock())),
                config.ttl(),
                time,
                Sidecars.rivals(config),
                signal::raise);
        this.health = new HealthMonitor(config.check(), new TcpCheck(), id -> signal.wake());
        Processes processes = new Processes(rules, statics, time, RandomGenerator.getDefault());
        this.agent = new Agent(config, source, rules, processes, health, store, time, status);
        measure();
    }

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public Signal signal() {
        return signal;
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Optional<String> notReady() {
        return status.notReady();
    }

    @Override
    public Duration run(Signal.Look look) throws Exception {
        return agent.run(look);
    }

    /** An etcd that comes back keeps every lease for its time to live: by then the agent must have asked for its own. */
    @Override
    public Duration longestRetry() {
        Duration third = config.ttl().dividedBy(3);
        return third.compareTo(Role.super.longestRetry()) < 0 ? third : Role.super.longestRetry();
    }

    @Override
    public boolean failFast() {
        return config.failFast();
    }

    @Override
    public void begin() throws RegistryException, IOException {
        if (config.failFast()) {
            connection.look(); // of several endpoints one that answers is enough
        }
        config.docker()
                .filter(EngineConfig::exposed)
                .ifPresent(engine -> log.warn(
                        "{} {}: without {} anybody on the way may read and command that engine",
                        AgentSettings.DOCKER.flag(),
                        engine.address(),
                        AgentSettings.DOCKER_TLS_DIR.flag()));
        if (config.statics().file().isPresent()) {
            fileWatch = Optional.of(FileWatch.of(config.statics().file().get(), signal::wake));
        }
        source.subscribe(new ContainerSource.Listener() {
            @Override
            public void changed(String containerId) {
                signal.raise(containerId);
            }

            @Override
            public void signalled(String containerId) {
                agent.signalled(containerId);
            }

            @Override
            public void anythingChanged() {
                signal.raise();
            }
        });
    }

    @Override
    public void leave() throws RegistryException {
        if (config.onStop() == AgentConfig.OnStop.DRAIN) {
            agent.leave();
        } else {
            log.info(
                    "stopped; what is registered stays for {} s, for the next start",
                    config.ttl().toSeconds());
        }
    }

    @Override
    public void close() throws IOException {
        if (fileWatch.isPresent()) {
            fileWatch.get().close();
        }
        source.close();
        health.close();
        store.close();
        connection.close();
        if (lock.isPresent()) {
            lock.get().close();
        }
    }

    private void measure() {
        for (InstanceState state : InstanceState.values()) {
            metrics.gauge(
                    "registrations",
                    "Registrations that this agent holds, by state",
                    () -> status.held().getOrDefault(state, 0L),
                    "state",
                    state.text());
        }
        metrics.gauge(
                "registrations_blocked",
                "Instances that another owner holds",
                () -> status.blocked().size());
        metrics.gauge(
                "registrations_damped",
                "Instances that end again and again, of which a run must last before it is published",
                () -> status.looping().size());
        metrics.gauge(
                "containers_refused",
                "Containers whose labels cannot be followed",
                () -> status.refused().size());
        metrics.gauge(
                "containers_incomplete",
                "Containers that are published without something that their labels ask for",
                () -> status.incomplete().size());
        metrics.counter("registrations_published", "Publications and changes written", status::publishedTotal);
        metrics.counter("registrations_withdrawn", "Removals written", status::withdrawnTotal);
        docker.ifPresent(engine -> {
            metrics.counter("events", "Events that called for a look", engine::events, "source", "docker");
            metrics.counter("reconnects", "Connections made anew", engine::reconnects, "to", "docker");
        });
        metrics.gauge(
                "static_file_refused",
                "Whether the file of --static-file is not followed as it stands",
                () -> statics.refused().isPresent() ? 1 : 0);
        metrics.counter("reconnects", "Connections made anew", connection::reconnects, "to", "etcd");
        metrics.gauge("lease_age_seconds", "Since the lease was renewed", () -> seconds(store.leaseAge()));
        metrics.gauge("source_staleness_seconds", "Since the source was read", () -> seconds(status.sourceAge()));
    }

    private static double seconds(Optional<Duration> duration) {
        return duration.map(value -> value.toNanos() / 1e9).orElse(Double.NaN);
    }

    private static DockerContainers engine(EngineConfig docker, AgentConfig config) {
        try {
            return new DockerContainers(docker, Selection.of(config.sidecar()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("%s: %s".formatted(AgentSettings.DOCKER_TLS_DIR.flag(), e.getMessage()), e);
        }
    }

    private static StaticFile statics(AgentConfig config, HostRules rules, Time time) {
        try {
            return new StaticFile(config.statics(), entries -> Processes.check(entries, rules), time);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static HostRules rulesOrRefusal(AgentConfig config) {
        try {
            return rules(config);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws IllegalArgumentException when this host's addresses are not known */
    static HostRules rules(AgentConfig config) {
        return new HostRules(
                config.host(),
                HostAddresses.find(
                        config.publicAddress(),
                        config.privateAddress(),
                        config.naming().ec2Metadata()),
                config.containerAddresses(),
                config.optIn(),
                new HostRules.Texts(
                        config.naming().idTemplate(),
                        config.naming().logUrlTemplate(),
                        config.naming().unitField()),
                config.sidecar());
    }
}
