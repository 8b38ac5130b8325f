package dev.muster.wiring;

import dev.muster.cli.CatalogReading;
import dev.muster.config.AgentConfig;
import dev.muster.config.DoctorConfig;
import dev.muster.config.EngineConfig;
import dev.muster.config.Environment;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HaproxyConfig;
import dev.muster.config.HaproxySettings;
import dev.muster.config.HostPort;
import dev.muster.config.HttpConfig;
import dev.muster.config.HttpSettings;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.DiskCheck;
import dev.muster.doctor.Listeners;
import dev.muster.doctor.PagesCheck;
import dev.muster.doctor.PortCheck;
import dev.muster.model.AliasPlaces;
import dev.muster.model.Catalog;
import dev.muster.provider.haproxy.CertificatesCheck;
import dev.muster.provider.haproxy.HaproxyCheck;
import dev.muster.provider.template.TemplatesCheck;
import dev.muster.registry.HostCheck;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryCheck;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Roster;
import dev.muster.registry.etcd.MembersCheck;
import dev.muster.registry.etcd.RightsCheck;
import dev.muster.source.AddressCheck;
import dev.muster.source.ContainersCheck;
import dev.muster.source.Selection;
import dev.muster.source.docker.DockerContainers;
import dev.muster.source.docker.EngineCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What there is to be looked at on this machine, with what an agent and a watcher would be told. */
final class Doctor {

    /** Bound on each question to etcd and to the engine; {@code --etcd-timeout} may ask for less. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A word of the command line of every Muster process. */
    private static final String MUSTER = "dev.muster.Main";

    private final Wiring wiring;
    private final DoctorConfig config;

    Doctor(Wiring wiring, DoctorConfig config) {
        this.wiring = wiring;
        this.config = config;
    }

    /** In the order in which an area is told. */
    List<Check> checks() {
        AgentConfig agent = config.agent();
        HaproxyConfig haproxy = config.watcher().haproxy();
        boolean balancer = config.haproxyAsked() || HaproxyCheck.isHere(haproxy);
        List<Check> checks = new ArrayList<>();
        EtcdConfig etcd = agent.etcd().within(atMost(agent.etcd().timeout()));
        checks.add(new MembersCheck(etcd));
        checks.add(new RightsCheck(
                etcd,
                agent.layouts(),
                agent.owner(),
                config.watcher().watcher(),
                config.watcher().groups()));
        checks.add(registry(etcd));
        boolean engineNeeded = config.engineAsked() || !balancer;
        agent.docker().ifPresent(engine -> {
            checks.add(new EngineCheck(engine, PATIENCE, engineNeeded));
            checks.add(containers(engine, agent, engineNeeded));
        });
        checks.add(new AddressCheck(
                agent.publicAddress(), agent.privateAddress(), agent.naming().ec2Metadata()));
        checks.add(new HostCheck(
                agent.stateDir(),
                agent.lock(),
                new TreeMap<>(Map.of(
                        "agent", agent.owner(), "watcher", config.watcher().watcher()))));
        checks.add(new DiskCheck(disks(haproxy, balancer)));
        checks.addAll(pages());
        checks.add(new HaproxyCheck(haproxy, config.haproxyAsked()));
        if (balancer) {
            checks.add(ports("bind", "HTTP services", HaproxySettings.BIND.flag(), haproxy.binds()));
            checks.add(
                    ports("tls-bind", "HTTP services with TLS", HaproxySettings.TLS_BIND.flag(), haproxy.tlsBinds()));
            checks.add(new CertificatesCheck(haproxy.certificates(), Clock.systemUTC()));
        }
        Map<String, String> environment = Environment.variables();
        checks.add(new TemplatesCheck(
                config.templates(),
                program -> Environment.program(environment, program).isPresent()));
        return checks;
    }

    private static Check ports(String name, String purpose, String flag, List<String> binds) {
        List<HostPort> places = binds.stream().map(HostPort::parse).toList();
        return new PortCheck(Area.HAPROXY, name, purpose, flag, places, "haproxy", listeners());
    }

    private Check registry(EtcdConfig etcd) {
        return new RegistryCheck(new RegistryCheck.Registry() {
            @Override
            public Catalog catalog() throws RegistryException, InterruptedException {
                return CatalogReading.once(wiring, etcd);
            }

            @Override
            public Roster roster() {
                return wiring.roster(etcd);
            }

            @Override
            public Progress progress() {
                return wiring.progress(etcd);
            }
        });
    }

    private static Check containers(EngineConfig engine, AgentConfig agent, boolean needed) {
        return new ContainersCheck(
                () -> new DockerContainers(
                        engine, PATIENCE, DockerContainers.DEFAULT_QUIET, Selection.of(agent.sidecar())),
                () -> AgentRole.rules(agent),
                new AliasPlaces(agent.etcd().prefix(), agent.allowedAliases()),
                needed);
    }

    private List<Path> disks(HaproxyConfig haproxy, boolean balancer) {
        List<Path> folders = new ArrayList<>(List.of(config.agent().stateDir()));
        if (balancer) {
            folders.add(Optional.ofNullable(haproxy.config().getParent()).orElse(Path.of("/")));
        }
        return folders;
    }

    /** One place for both is the person's word for the only role that runs here. */
    private List<Check> pages() {
        List<Check> pages = new ArrayList<>();
        if (config.agentHttp().equals(config.watcherHttp())) {
            page("role", config.agentHttp()).ifPresent(pages::add);
        } else {
            page("agent", config.agentHttp()).ifPresent(pages::add);
            page("watcher", config.watcherHttp()).ifPresent(pages::add);
        }
        return pages;
    }

    private static Optional<Check> page(String role, HttpConfig http) {
        return http.address()
                .map(place -> new PagesCheck(
                        role,
                        place,
                        new PortCheck(
                                Area.HOST,
                                role + "-http",
                                "the " + role + "'s pages",
                                HttpSettings.EITHER.flag(),
                                List.of(place),
                                MUSTER,
                                listeners())));
    }

    private static Listeners listeners() {
        return new Listeners(Path.of("/proc"));
    }

    private static Duration atMost(Duration asked) {
        return asked.compareTo(PATIENCE) < 0 ? asked : PATIENCE;
    }
}
