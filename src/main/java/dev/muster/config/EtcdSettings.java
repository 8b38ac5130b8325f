package dev.muster.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How etcd is reached, as a person sets it. */
public final class EtcdSettings {

    public static final Setting<List<URI>> ENDPOINTS = Setting.of(
            "etcd-endpoints",
            "URL[,URL...]",
            "http://127.0.0.1:2379",
            Values.listOf(EtcdSettings::endpoint),
            "etcd's client URLs, all http or all https");

    public static final Setting<String> DISCOVERY_SRV = Setting.optional(
            "etcd-discovery-srv",
            "DOMAIN",
            EtcdSettings::domain,
            "find etcd's endpoints by the SRV records of this domain instead");

    public static final Setting<Duration> TIMEOUT = Setting.of(
            "etcd-timeout",
            "DURATION",
            "5s",
            Values.durationBetween("100ms", "60s"),
            "how long one call to etcd may take");

    public static final Setting<String> ROOT = Setting.optional(
            "etcd-root",
            "PATH",
            EtcdSettings::prefix,
            "what stands before every key, so that fleets can share an etcd");

    public static final Setting<String> PREFIX = Setting.of(
            "prefix", "PATH", EtcdConfig.DEFAULT_PREFIX, EtcdSettings::prefix, "where services stand in etcd");

    private EtcdSettings() {}

    public static List<Setting<?>> all() {
        return List.of(
                ENDPOINTS,
                DISCOVERY_SRV,
                EtcdSecurity.CA,
                EtcdSecurity.CERT,
                EtcdSecurity.KEY,
                EtcdSecurity.USER,
                EtcdSecurity.PASSWORD_FILE,
                TIMEOUT,
                ROOT,
                PREFIX);
    }

    /** @throws UsageException also when a file cannot be used, or the settings do not fit each other */
    public static EtcdConfig from(Settings settings) {
        Optional<String> discovery = settings.find(DISCOVERY_SRV);
        if (discovery.isPresent() && settings.find(ENDPOINTS).isPresent()) {
            throw settings.refuse(DISCOVERY_SRV, "%s is given too; allowed is one of both".formatted(ENDPOINTS.flag()));
        }
        List<URI> endpoints = discovery.isPresent() ? List.of() : settings.get(ENDPOINTS);
        EtcdSecurity security = EtcdSecurity.from(settings, endpoints);
        return new EtcdConfig(
                endpoints,
                discovery,
                security.tls(),
                security.user(),
                settings.find(ROOT).orElse(""),
                settings.get(PREFIX),
                settings.get(TIMEOUT),
                () -> EtcdSecurity.from(settings, endpoints));
    }

    private static URI endpoint(String text) {
        String allowed = "allowed is http://HOST:PORT or https://HOST:PORT, several with commas between";
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(allowed, e);
        }
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null
                        || uri.getRawPath().isEmpty()
                        || uri.getRawPath().equals("/"));
        boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!known || uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535 || !bare) {
            throw new IllegalArgumentException(allowed);
        }
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    private static String domain(String text) {
        if (text.length() > 253
                || !text.matches(
                        "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*")) {
            throw new IllegalArgumentException("allowed is a domain such as example.com");
        }
        return text;
    }

    private static String prefix(String text) {
        if (!EtcdConfig.isPrefix(text)) {
            throw new IllegalArgumentException("allowed is " + EtcdConfig.PREFIX_ALLOWED);
        }
        return text;
    }
}
