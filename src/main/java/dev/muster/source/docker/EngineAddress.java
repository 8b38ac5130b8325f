package dev.muster.source.docker;

import dev.muster.model.Name;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;

/** Where the engine listens: {@code unix:///var/run/docker.sock} or {@code tcp://host:2375}. */
record EngineAddress(URI uri) {

    private static final int PLAIN_PORT = 2375;

    EngineAddress {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean unix =
                scheme.equals("unix") && uri.getPath() != null && uri.getPath().startsWith("/");
        boolean tcp = scheme.equals("tcp") && uri.getHost() != null;
        if (!unix && !tcp) {
            throw new IllegalArgumentException(
                    "docker '%s': allowed are unix:///path/to/docker.sock and tcp://host:port"
                            .formatted(Name.printable(uri.toString())));
        }
    }

    /** Resolved anew at each connection, since a name's address may have changed. */
    SocketAddress resolve() {
        if (uri.getScheme().equals("unix")) {
            return UnixDomainSocketAddress.of(uri.getPath());
        }
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? PLAIN_PORT : uri.getPort());
    }

    @Override
    public String toString() {
        return "Docker at " + uri;
    }
}
