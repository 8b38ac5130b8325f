package dev.muster.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How HAProxy is driven.
 *
 * @param config the file that is Muster's
 * @param socket the runtime socket that the file declares
 * @param masterSocket the master process's socket
 * @param snippets the person's folder, read by HAProxy as a second {@code -f}; need not exist
 * @param binds where HTTP services are served, such as {@code *:8080}; port 0 for none, with the address for the others
 * @param tlsBinds where they are served with TLS as soon as there is a certificate; none: nowhere
 * @param certificates the person's folder of certificates, if there is one
 * @param run start HAProxy where none answers on the master socket
 * @param binary the program
 */
public record HaproxyConfig(
        Path config,
        Path socket,
        Path masterSocket,
        Path snippets,
        List<String> binds,
        List<String> tlsBinds,
        Optional<Path> certificates,
        boolean run,
        String binary) {

    public HaproxyConfig {
        binds = List.copyOf(binds);
        tlsBinds = List.copyOf(tlsBinds);
    }

    /** One that serves no TLS. */
    public HaproxyConfig(
            Path config,
            Path socket,
            Path masterSocket,
            Path snippets,
            List<String> binds,
            boolean run,
            String binary) {
        this(config, socket, masterSocket, snippets, binds, List.of(), Optional.empty(), run, binary);
    }

    /** One that is Muster's own in a folder of its own, and serves TCP ports alone. */
    public static HaproxyConfig forTcp(Path folder, String address, String binary) {
        return new HaproxyConfig(
                folder.resolve("haproxy.cfg"),
                folder.resolve("admin.sock"),
                folder.resolve("master.sock"),
                folder.resolve("snippets"),
                List.of(address + ":0"),
                true,
                binary);
    }
}
