package dev.muster.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/** How etcd is reached, as a person sets it. */
public final class EtcdSettings {

    public static final Setting<List<URI>> ENDPOINTS = Setting.of(
            "etcd-endpoints",
            "URL[,URL...]",
            "http://127.0.0.1:2379",
            Values.listOf(EtcdSettings::endpoint),
            "etcd's client URLs");

    public static final Setting<Duration> TIMEOUT = Setting.of(
            "etcd-timeout",
            "DURATION",
            "5s",
            Values.durationBetween("100ms", "60s"),
            "how long one call to etcd may take");

    public static final Setting<String> PREFIX = Setting.of(
            "prefix", "PATH", EtcdConfig.DEFAULT_PREFIX, EtcdSettings::prefix, "where services stand in etcd");

    private EtcdSettings() {}

    public static List<Setting<?>> all() {
        return List.of(ENDPOINTS, TIMEOUT, PREFIX);
    }

    public static EtcdConfig from(Settings settings) {
        return new EtcdConfig(settings.get(ENDPOINTS), settings.get(PREFIX), settings.get(TIMEOUT));
    }

    private static URI endpoint(String text) {
        String allowed = "allowed is http://HOST:PORT, several with commas between";
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(allowed, e);
        }
        if ("https".equals(uri.getScheme())) {
            // The client library would speak plaintext to it without a word.
            throw new IllegalArgumentException(
                    "this version has no TLS, and does not fall back to plaintext; " + allowed);
        }
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1 || !bare) {
            throw new IllegalArgumentException(allowed);
        }
        return URI.create("http://" + uri.getRawAuthority());
    }

    private static String prefix(String text) {
        if (!EtcdConfig.isPrefix(text)) {
            throw new IllegalArgumentException("allowed is a path such as /services, without a slash at the end");
        }
        return text;
    }
}
