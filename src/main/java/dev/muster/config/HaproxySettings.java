package dev.muster.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How HAProxy is driven, as a person sets it. The defaults are the places that Debian's package uses. */
public final class HaproxySettings {

    public static final Setting<Path> CONFIG = Setting.of(
            "haproxy-config", "FILE", "/etc/haproxy/muster.cfg", Values::path, "the file that is Muster's, whole");

    public static final Setting<Path> SOCKET =
            Setting.of("haproxy-socket", "FILE", "/run/haproxy/admin.sock", Values::path, "HAProxy's runtime socket");

    public static final Setting<Path> MASTER_SOCKET = Setting.of(
            "haproxy-master-socket",
            "FILE",
            "/run/haproxy-master.sock",
            Values::path,
            "the socket of HAProxy's master process (its -S)");

    public static final Setting<Path> SNIPPETS = Setting.of(
            "haproxy-snippets",
            "DIR",
            "/etc/haproxy/muster.d",
            Values::path,
            "folder of your own HAProxy files, read beside Muster's and never touched; need not exist");

    public static final Setting<List<String>> BIND = Setting.of(
            "haproxy-bind",
            "HOST:PORT[,...]",
            "*:8080",
            Values.listOf(HaproxySettings::bind),
            "where HTTP services are served");

    public static final Setting<List<String>> TLS_BIND = Setting.of(
            "haproxy-tls-bind",
            "HOST:PORT[,...]",
            "*:8443",
            Values.listOf(HaproxySettings::bind),
            "where they are served with TLS too, as soon as there is a certificate");

    public static final Setting<Path> CERTIFICATES = Setting.optional(
            "haproxy-certificates",
            "DIR",
            Values::path,
            "folder of certificates for it: NAME.pem with chain and key, or NAME.crt and NAME.key; read again as they change");

    public static final Setting<Boolean> RUN =
            Setting.flag("haproxy-run", "start HAProxy where none answers on the master socket; it outlives Muster");

    public static final Setting<String> BINARY =
            Setting.of("haproxy-binary", "FILE", "haproxy", Values::program, "the program, by name or path");

    private HaproxySettings() {}

    static List<Setting<?>> all() {
        return List.of(CONFIG, SOCKET, MASTER_SOCKET, SNIPPETS, BIND, TLS_BIND, CERTIFICATES, RUN, BINARY);
    }

    /** @throws UsageException also when HAProxy is to be started and there is no such program */
    static HaproxyConfig from(Settings settings, Map<String, String> environment) {
        if (settings.get(RUN)
                && Environment.program(environment, settings.get(BINARY)).isEmpty()) {
            throw settings.refuse(BINARY, "there is no such program, and --haproxy-run is to start it");
        }
        return of(settings, environment);
    }

    /** The same, whether there is such a program or not. */
    static HaproxyConfig of(Settings settings, Map<String, String> environment) {
        String binary = settings.get(BINARY);
        return new HaproxyConfig(
                settings.get(CONFIG),
                settings.get(SOCKET),
                settings.get(MASTER_SOCKET),
                settings.get(SNIPPETS),
                settings.get(BIND),
                settings.get(TLS_BIND),
                settings.find(CERTIFICATES),
                settings.get(RUN),
                Environment.program(environment, binary).map(Path::toString).orElse(binary));
    }

    static String bind(String text) {
        String allowed = "allowed is HOST:PORT or *:PORT, such as *:8080";
        try {
            HostPort bind = HostPort.parse(text);
            if (bind.port() > 0) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(allowed, e);
        }
        throw new IllegalArgumentException(allowed);
    }
}
