package dev.muster.config;

import dev.muster.model.Name;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the container engine listens.
 *
 * @param address {@code unix:///path/to/socket} or {@code tcp://host:port}
 * @param tlsDir with tcp only: the folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem}
 */
public record EngineConfig(URI address, Optional<Path> tlsDir) {

    static final String ALLOWED = "allowed is unix:///PATH or tcp://HOST:PORT";

    public EngineConfig {
        if (!isAddress(address)) {
            throw new IllegalArgumentException(
                    "docker '%s': %s".formatted(Name.printable(address.toString()), ALLOWED));
        }
        if (tlsDir.isPresent() && !isTcp(address)) {
            throw new IllegalArgumentException(
                    "docker '%s': only tcp://HOST:PORT has TLS".formatted(Name.printable(address.toString())));
        }
    }

    /** Without TLS. */
    public static EngineConfig plain(URI address) {
        return new EngineConfig(address, Optional.empty());
    }

    static boolean isAddress(URI uri) {
        return isSocket(uri) || isTcp(uri);
    }

    /** Whether containers, and what may be done to them, pass over the network in the clear. */
    public boolean exposed() {
        return isTcp(address) && tlsDir.isEmpty() && !isLoopback(address.getHost());
    }

    private static boolean isSocket(URI uri) {
        return "unix".equals(uri.getScheme())
                && uri.getRawAuthority() == null
                && uri.getPath() != null
                && uri.getPath().length() > 1;
    }

    private static boolean isTcp(URI uri) {
        return "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
