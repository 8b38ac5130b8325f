package dev.muster.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How etcd is reached.
 *
 * @param prefix where services stand, without a trailing slash ({@code /services})
 * @param timeout bound on every single call
 */
public record EtcdConfig(List<URI> endpoints, String prefix, Duration timeout) {

    public static final String DEFAULT_PREFIX = "/services";
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException(
                    "prefix '%s': allowed is a path such as /services, without a slash at the end".formatted(prefix));
        }
    }

    /** The same etcd, asked at these endpoints alone and with this bound. */
    public EtcdConfig asked(List<URI> only, Duration within) {
        return new EtcdConfig(only, prefix, within);
    }

    static boolean isPrefix(String text) {
        return text.matches("/[A-Za-z0-9._/-]*[A-Za-z0-9._-]");
    }
}
