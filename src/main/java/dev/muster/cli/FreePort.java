package dev.muster.cli;

import dev.muster.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that nobody listens at now. */
final class FreePort {

    private FreePort() {}

    /** That port of loopback, or another one where it is taken. */
    static HostPort near(int port) throws IOException {
        HostPort wanted = new HostPort("127.0.0.1", port);
        return isFree(wanted) ? wanted : any();
    }

    static HostPort any() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }

    static boolean isFree(HostPort place) {
        try (ServerSocket socket = new ServerSocket()) {
            // Without it a port whose last connections have just been closed would count as taken.
            socket.setReuseAddress(true);
            socket.bind(
                    place.host().equals("*")
                            ? new InetSocketAddress(place.port())
                            : new InetSocketAddress(InetAddress.getByName(place.host()), place.port()));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
