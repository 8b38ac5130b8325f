package dev.muster.model;

import java.util.regex.Pattern;

/**
 * One way by which requests find a service. Empty text and 0 mean "not given"; at least one part is given.
 *
 * @param host a host name, lower case; every host below a name ({@code *.example.com}); or empty
 * @param path path prefix with a leading slash, or empty
 * @param port the balancer's own port for this service (1-65535), or 0
 */
public record Route(String host, String path, int port) {

    /** What a host starts with that stands for every host below a name. */
    public static final String BELOW = "*.";

    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/@:+%-]{0,254}");

    public Route {
        if (host.isEmpty() && path.isEmpty() && port == 0) {
            throw new IllegalArgumentException("route: one of host, path, port must be given");
        }
        if (!host.isEmpty() && !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "route host '%s': allowed is a lower-case host name, or one with '*.' before it"
                            .formatted(Name.printable(host)));
        }
        if (!path.isEmpty() && !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "route path '%s': allowed is a path that starts with '/', of letters, digits and ._~/@:+%%-"
                            .formatted(Name.printable(path)));
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("route port '%d': allowed is 1 to 65535".formatted(port));
        }
    }

    /** As people write it: {@code www.example.com:8081/api}. */
    public String text() {
        return host + (port == 0 ? "" : ":" + port) + path;
    }
}
