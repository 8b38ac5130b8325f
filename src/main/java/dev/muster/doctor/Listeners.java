package dev.muster.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Who listens at which TCP port, by the kernel's own tables (proc(5), {@code /proc/net/tcp}): nothing is bound to find out, so
 * that nobody who starts meanwhile is kept from it.
 */
public final class Listeners {

    /** @param inode of its socket, by which its process is found */
    private record Listener(InetAddress address, int port, String inode) {}

    /**
     * Who holds a port.
     *
     * @param pid empty where this user may not see it
     * @param command its words, separated by blanks
     */
    public record Holder(Optional<String> pid, String command) {
        boolean unseen() {
            return pid.isEmpty();
        }

        @Override
        public String toString() {
            String program = command.split(" ", 2)[0];
            return pid.map(id -> "process %s (%s)".formatted(id, program)).orElse("a process of another user");
        }
    }

    private static final String LISTENING = "0A";

    private final Path proc;

    /** @param proc where the kernel's tables are, {@code /proc} */
    public Listeners(Path proc) {
        this.proc = proc;
    }

    /**
     * Who holds the port at an address.
     *
     * @param address the wildcard for every one
     * @throws IOException when the tables cannot be read
     */
    Optional<Holder> at(InetAddress address, int port) throws IOException {
        for (Listener listener : all()) {
            boolean meet = listener.address.isAnyLocalAddress()
                    || address.isAnyLocalAddress()
                    || listener.address.equals(address);
            if (listener.port == port && meet) {
                return Optional.of(holder(listener.inode));
            }
        }
        return Optional.empty();
    }

    private List<Listener> all() throws IOException {
        List<Listener> listeners = new ArrayList<>(of(Files.readAllLines(proc.resolve("net/tcp"))));
        Path ofIpv6 = proc.resolve("net/tcp6");
        if (Files.exists(ofIpv6)) { // a kernel may do without
            listeners.addAll(of(Files.readAllLines(ofIpv6)));
        }
        return listeners;
    }

    private static List<Listener> of(List<String> table) throws IOException {
        List<Listener> listeners = new ArrayList<>();
        for (String line : table) {
            String[] columns = line.strip().split("\\s+");
            if (columns.length > 9 && columns[3].equals(LISTENING)) {
                int colon = columns[1].indexOf(':');
                listeners.add(new Listener(
                        address(columns[1].substring(0, colon)),
                        Integer.parseInt(columns[1].substring(colon + 1), 16),
                        columns[9]));
            }
        }
        return listeners;
    }

    /** Words of four bytes, each in this machine's order, which is little-endian wherever Muster runs. */
    private static InetAddress address(String hex) throws UnknownHostException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] ordered = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ordered[i] = bytes[i - i % 4 + 3 - i % 4];
        }
        return InetAddress.getByAddress(ordered);
    }

    private Holder holder(String inode) throws IOException {
        String socket = "socket:[" + inode + "]";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .replace('\0', ' ')
                            .strip();
                    return new Holder(Optional.of(process.getFileName().toString()), command);
                }
            }
        }
        return new Holder(Optional.empty(), "");
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file)
                        && Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false; // it has ended, or is not this user's to see
        }
    }
}
