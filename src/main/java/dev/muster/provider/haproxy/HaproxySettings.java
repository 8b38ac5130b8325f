package dev.muster.provider.haproxy;

import dev.muster.config.HaproxyConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the file says apart from services.
 *
 * @param binds where HTTP services are served: {@code address:port}, the address {@code *} for every one
 * @param tlsBinds where they are served with TLS too, as soon as there is a certificate
 * @param socket the runtime socket, for people
 * @param stateFile what a reload hands over
 * @param pemFolder where certificates and authorities stand
 * @param user whom the workers run as, or empty for whoever starts them
 */
record HaproxySettings(
        List<String> binds, List<String> tlsBinds, Path socket, Path stateFile, Path pemFolder, String user) {

    HaproxySettings {
        binds = List.copyOf(binds);
        binds.forEach(HaproxySettings::portOf);
        tlsBinds = List.copyOf(tlsBinds);
        tlsBinds.forEach(HaproxySettings::portOf);
    }

    static HaproxySettings of(HaproxyConfig config) {
        return new HaproxySettings(
                config.binds(),
                config.tlsBinds(),
                config.socket().toAbsolutePath(),
                beside(config, ".state"),
                beside(config, ".pem"),
                unprivilegedUser());
    }

    private static Path beside(HaproxyConfig config, String ending) {
        Path file = config.config().toAbsolutePath();
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** Workers that root starts run as Debian's {@code haproxy}, where there is one. */
    private static String unprivilegedUser() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "";
        }
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith("haproxy:"))
                    ? "haproxy"
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException("/etc/passwd cannot be read", e);
        }
    }

    /** Where the main frontend listens; it need not. */
    List<String> httpBinds() {
        return binds.stream().filter(bind -> portOf(bind) > 0).toList();
    }

    /** The ports of the main frontend. */
    SortedSet<Integer> ports() {
        SortedSet<Integer> ports = new TreeSet<>();
        httpBinds().forEach(bind -> ports.add(portOf(bind)));
        return ports;
    }

    /** The ports on which the main frontend speaks TLS. */
    SortedSet<Integer> tlsPorts() {
        SortedSet<Integer> ports = new TreeSet<>();
        tlsBinds.forEach(bind -> ports.add(portOf(bind)));
        return ports;
    }

    /** Where plain requests are sent that are to come with TLS; there is a bind for TLS. */
    int redirectPort() {
        return portOf(tlsBinds.getFirst());
    }

    /** Where another port is bound: on the same addresses as the main one. */
    List<String> bindsFor(int port) {
        return addresses().stream().map(address -> address + ":" + port).toList();
    }

    List<String> addresses() {
        return binds.stream()
                .map(bind -> bind.substring(0, bind.lastIndexOf(':')))
                .distinct()
                .toList();
    }

    /**
     * The abstract socket through which an old worker hands requests to the new one: no folder's rights stand in the way of
     * workers that run as another user, and it differs for each HAProxy of a machine.
     */
    String nextWorker(String frontend) {
        return "abns@%s-%08x".formatted(frontend, socket.toString().hashCode());
    }

    private static int portOf(String bind) {
        String port = bind.substring(bind.lastIndexOf(':') + 1);
        if (!bind.matches("[\\[\\]0-9A-Za-z.:*_-]*:[0-9]{1,5}")) {
            throw new IllegalArgumentException("bind '%s': allowed is address:port, such as *:8080".formatted(bind));
        }
        return Integer.parseInt(port);
    }
}
