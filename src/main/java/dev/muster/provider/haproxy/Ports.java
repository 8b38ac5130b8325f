package dev.muster.provider.haproxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Finds out whether HAProxy could bind a port, since its reload fails as a whole over one that it cannot. */
final class Ports {

    private Ports() {}

    /** Binds without listening, with HAProxy's own socket options, and lets go at once. */
    static boolean free(List<String> addresses, int port) {
        for (String address : addresses) {
            try (SocketChannel probe = SocketChannel.open()) {
                probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                probe.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                probe.bind(
                        address.equals("*") || address.isEmpty()
                                ? new InetSocketAddress(port)
                                : new InetSocketAddress(address, port));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
