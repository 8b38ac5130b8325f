package dev.muster.config;

import dev.muster.config.AgentConfig.CheckConfig;
import dev.muster.config.AgentConfig.OnStop;
import dev.muster.model.Name;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an agent is told, as a person sets it. */
public final class AgentSettings {

    /** Which of an instance's addresses is published. */
    enum AddressMode {
        HOST,
        CONTAINER
    }

    private static final String NO_ENGINE = "none";
    private static final String ALLOWED_ENGINE = EngineConfig.ALLOWED + ", or " + NO_ENGINE;

    public static final Setting<Optional<URI>> DOCKER = Setting.of(
            "docker",
            "URL|none",
            "unix:///var/run/docker.sock",
            AgentSettings::engine,
            "the container engine's socket; none: only what --static names is registered");

    public static final Setting<Path> DOCKER_TLS_DIR = Setting.optional(
            "docker-tls-dir",
            "DIR",
            Values::path,
            "with tcp: folder of ca.pem, cert.pem and key.pem (default: no TLS)");

    public static final Setting<String> AGENT_ID = Setting.optional(
            "agent-id",
            "NAME",
            Values::name,
            "who owns what this agent registers (default: the host's name; a sidecar's is <host>.<container>)");

    public static final Setting<OnStop> ON_STOP = Setting.optional(
            "on-stop",
            "keep|drain",
            Values.oneOf(OnStop.class),
            "when it is stopped: leave its keys to the lease and the next start, or withdraw them (default: keep; a sidecar: drain)");

    public static final Setting<String> PUBLIC_ADDRESS = Setting.optional(
            "public-address",
            "IP[,IP]",
            Values::addresses,
            "this host's address for clients outside, one of each family at most (default: found)");

    public static final Setting<String> PRIVATE_ADDRESS = Setting.optional(
            "private-address",
            "IP[,IP]",
            Values::addresses,
            "this host's address for clients inside, likewise (default: found)");

    public static final Setting<AddressMode> ADDRESS_MODE = Setting.of(
            "address-mode",
            "host|container",
            "host",
            Values.oneOf(AddressMode.class),
            "publish the host's address and published port, or the container's own");

    public static final Setting<Boolean> OPT_IN =
            Setting.flag("opt-in", "only containers with the label muster.enable=true");

    public static final Setting<Duration> CHECK_INTERVAL = Setting.of(
            "check-interval",
            "DURATION",
            "2s",
            Values.durationBetween("100ms", "1h"),
            "time between two checks of an instance");

    public static final Setting<Duration> CHECK_TIMEOUT = Setting.of(
            "check-timeout", "DURATION", "1s", Values.durationBetween("10ms", "60s"), "how long a check may take");

    public static final Setting<Integer> CHECK_RISE =
            Setting.of("check-rise", "N", "1", Values.between(1, 100), "passes in a row that make it healthy");

    public static final Setting<Integer> CHECK_FALL =
            Setting.of("check-fall", "N", "3", Values.between(1, 100), "failures in a row that take it down");

    private AgentSettings() {}

    /** Every setting of {@code muster agent} but the ones that all commands share. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(EtcdSettings.all());
        all.addAll(containers());
        all.addAll(LayoutSettings.all());
        all.addAll(SidecarSettings.all());
        all.addAll(RoleSettings.all());
        all.addAll(List.of(AGENT_ID, ON_STOP, HttpSettings.AGENT));
        return all;
    }

    /** Those that say which containers are published, and how. */
    static List<Setting<?>> containers() {
        List<Setting<?>> containers =
                new ArrayList<>(List.of(DOCKER, DOCKER_TLS_DIR, OPT_IN, PUBLIC_ADDRESS, PRIVATE_ADDRESS, ADDRESS_MODE));
        containers.addAll(NamingSettings.all());
        containers.addAll(List.of(CHECK_INTERVAL, CHECK_TIMEOUT, CHECK_RISE, CHECK_FALL));
        return containers;
    }

    public static AgentConfig from(Settings settings) {
        String host = RoleSettings.host(settings);
        Optional<SidecarConfig> sidecar = SidecarSettings.sidecar(settings);
        return new AgentConfig(
                EtcdSettings.from(settings),
                engine(settings),
                host,
                settings.find(AGENT_ID).orElseGet(() -> owner(host, sidecar)),
                settings.get(RoleSettings.TTL),
                settings.get(RoleSettings.RESYNC),
                settings.get(RoleSettings.STATE_DIR),
                !settings.get(RoleSettings.NO_HOST_LOCK),
                settings.find(ON_STOP).orElse(sidecar.isPresent() ? OnStop.DRAIN : OnStop.KEEP),
                settings.find(PUBLIC_ADDRESS),
                settings.find(PRIVATE_ADDRESS),
                settings.get(ADDRESS_MODE) == AddressMode.CONTAINER,
                sidecar.isEmpty() && settings.get(OPT_IN),
                LayoutSettings.from(settings, settings.get(EtcdSettings.PREFIX)),
                LayoutSettings.aliases(settings),
                check(settings),
                settings.get(RoleSettings.FAIL_FAST),
                NamingSettings.from(settings),
                sidecar,
                SidecarSettings.statics(settings));
    }

    /** Where an agent's pages are: ten sidecars on one machine would want one port, so they have none unless asked for. */
    public static HttpConfig http(Settings settings) {
        boolean none = SidecarSettings.sidecar(settings).isPresent()
                && settings.find(HttpSettings.AGENT).isEmpty();
        return none ? HttpConfig.OFF : settings.get(HttpSettings.AGENT);
    }

    private static String owner(String host, Optional<SidecarConfig> sidecar) {
        String owner = sidecar.map(one -> one.owner(host)).orElse(host);
        if (!Name.isValid(owner)) {
            throw new UsageException("'%s' cannot be the name of an owner; give another with --agent-id"
                    .formatted(Name.printable(owner)));
        }
        return owner;
    }

    static CheckConfig check(Settings settings) {
        return new CheckConfig(
                settings.get(CHECK_INTERVAL),
                settings.get(CHECK_TIMEOUT),
                settings.get(CHECK_RISE),
                settings.get(CHECK_FALL));
    }

    /** Empty where it has none. */
    static Optional<EngineConfig> engine(Settings settings) {
        Optional<URI> docker = settings.get(DOCKER);
        Optional<Path> tlsDir = settings.find(DOCKER_TLS_DIR);
        if (tlsDir.isPresent()
                && docker.filter(uri -> "tcp".equals(uri.getScheme())).isEmpty()) {
            throw settings.refuse(
                    DOCKER_TLS_DIR,
                    "%s is %s, and only tcp://HOST:PORT has TLS"
                            .formatted(DOCKER.flag(), docker.map(URI::toString).orElse(NO_ENGINE)));
        }
        return docker.map(uri -> new EngineConfig(uri, tlsDir));
    }

    private static Optional<URI> engine(String text) {
        if (text.equals(NO_ENGINE)) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            if (EngineConfig.isAddress(uri)) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(ALLOWED_ENGINE, e);
        }
        throw new IllegalArgumentException(ALLOWED_ENGINE);
    }
}
