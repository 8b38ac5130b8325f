package dev.muster.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code muster dev} is told. It has its own etcd and its own HAProxy, so there is less to tell. */
public final class DevSettings {

    public static final Setting<Path> DATA = Setting.optional(
            "data",
            "DIR",
            Values::path,
            "folder for everything that is kept (default: a temporary one, removed at the end)");

    public static final Setting<HostPort> BIND = Setting.optional(
            "bind",
            "HOST:PORT",
            DevSettings::place,
            "where HTTP services are served (default: 127.0.0.1:8080, or a free port)");

    public static final Setting<Integer> ETCD_PORT = Setting.optional(
            "etcd-port", "PORT", Values.between(1, 65535), "etcd's port (default: 2379, or a free port)");

    public static final Setting<String> ETCD_BINARY =
            Setting.of("etcd-binary", "FILE", "etcd", Values::program, "the program, by name or path");

    /** Where the parts of one run stand. */
    public record Places(Path folder, URI etcd, HostPort bind, HostPort agentPages, HostPort watcherPages) {}

    private DevSettings() {}

    /** Every setting of {@code muster dev} but the ones that all commands share. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all =
                new ArrayList<>(List.of(DATA, BIND, ETCD_PORT, ETCD_BINARY, HaproxySettings.BINARY, RoleSettings.HOST));
        all.addAll(AgentSettings.containers());
        all.addAll(List.of(RoleSettings.TTL, RoleSettings.RESYNC, WatcherSettings.PROBE_TIMEOUT));
        return all;
    }

    /** @throws UsageException also when one of the programs is missing */
    public static DevConfig from(Settings settings, Map<String, String> environment, Places places) {
        String host = RoleSettings.host(settings);
        String name = host + ".dev";
        EtcdConfig etcd = new EtcdConfig(List.of(places.etcd()), EtcdConfig.DEFAULT_PREFIX, EtcdConfig.DEFAULT_TIMEOUT);
        Duration ttl = settings.get(RoleSettings.TTL);
        Duration resync = settings.get(RoleSettings.RESYNC);
        Path locks = places.folder().resolve("run");
        Path haproxy = places.folder().resolve("haproxy");
        AgentConfig agent = new AgentConfig(
                etcd,
                Optional.of(AgentSettings.engine(settings)
                        .orElseThrow(() -> settings.refuse(AgentSettings.DOCKER, "muster dev needs an engine"))),
                host,
                name,
                ttl,
                resync,
                locks,
                true,
                AgentConfig.OnStop.KEEP,
                settings.find(AgentSettings.PUBLIC_ADDRESS),
                settings.find(AgentSettings.PRIVATE_ADDRESS),
                settings.get(AgentSettings.ADDRESS_MODE) == AgentSettings.AddressMode.CONTAINER,
                settings.get(AgentSettings.OPT_IN),
                LayoutConfig.DEFAULT,
                List.of(),
                AgentSettings.check(settings),
                false,
                NamingSettings.from(settings),
                Optional.empty(),
                StaticConfig.NONE);
        WatcherConfig watcher = new WatcherConfig(
                etcd,
                host,
                name,
                List.of("haproxy"),
                Optional.empty(),
                new HaproxyConfig(
                        haproxy.resolve("muster.cfg"),
                        haproxy.resolve("admin.sock"),
                        haproxy.resolve("master.sock"),
                        places.folder().resolve("snippets"),
                        List.of(places.bind().toString()),
                        true,
                        program(settings, HaproxySettings.BINARY, environment, "haproxy")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ttl,
                resync,
                settings.get(WatcherSettings.PROBE_TIMEOUT),
                locks,
                true,
                false,
                Manner.LASTING);
        return new DevConfig(
                agent,
                new HttpConfig(Optional.of(places.agentPages())),
                watcher,
                new HttpConfig(Optional.of(places.watcherPages())));
    }

    /** The path of etcd. */
    public static String etcd(Settings settings, Map<String, String> environment) {
        return program(settings, ETCD_BINARY, environment, "etcd-server");
    }

    private static String program(
            Settings settings, Setting<String> setting, Map<String, String> environment, String debianPackage) {
        return Environment.program(environment, settings.get(setting))
                .orElseThrow(() -> settings.refuse(
                        setting,
                        "there is no such program; install it (Debian's package is %s) or name another"
                                .formatted(debianPackage)))
                .toString();
    }

    private static HostPort place(String text) {
        HostPort place = HostPort.parse(text);
        if (place.port() == 0) {
            throw new IllegalArgumentException(HostPort.ALLOWED);
        }
        return place;
    }
}
