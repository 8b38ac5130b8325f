package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds where the host itself is reached: flags, then {@code COREOS_PUBLIC_IPV4} and {@code COREOS_PRIVATE_IPV4} from
 * {@code /etc/environment}, then the interface of the default route. Only a flag may say 127.0.0.1. Every failure is an
 * IllegalArgumentException that says what to do.
 */
public final class HostAddresses {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** The IPv4 addresses of an interface, in the kernel's order. */
    interface Interfaces {
        List<String> ipv4(String name) throws IOException;
    }

    private final Path environment;
    private final Path routes;
    private final Interfaces interfaces;

    HostAddresses(Path environment, Path routes, Interfaces interfaces) {
        this.environment = environment;
        this.routes = routes;
        this.interfaces = interfaces;
    }

    /**
     * Addresses, and where each was found.
     *
     * @param publicFrom in words, for instance {@code --public-address}; empty where there is no such address
     */
    record Found(Addresses addresses, String publicFrom, String privateFrom) {}

    /** One address, or an empty one, and where it was found. */
    private record Sourced(String address, String from) {}

    /** This machine's. */
    public static Addresses find(Optional<String> publicFlag, Optional<String> privateFlag) {
        return ofThisMachine().choose(publicFlag, privateFlag).addresses();
    }

    static HostAddresses ofThisMachine() {
        return new HostAddresses(Path.of("/etc/environment"), Path.of("/proc/net/route"), HostAddresses::kernel);
    }

    Found choose(Optional<String> publicFlag, Optional<String> privateFlag) {
        Sourced publicIpv4 = one(publicFlag, "--public-address", "COREOS_PUBLIC_IPV4");
        Sourced privateIpv4 = one(privateFlag, "--private-address", "COREOS_PRIVATE_IPV4");
        if (publicIpv4.address().isEmpty() && privateIpv4.address().isEmpty()) {
            Sourced found = ofDefaultRoute();
            Addresses placed = byRange(found.address());
            return new Found(
                    placed,
                    placed.publicIpv4().isEmpty() ? "" : found.from(),
                    placed.privateIpv4().isEmpty() ? "" : found.from());
        }
        return new Found(
                new Addresses(publicIpv4.address(), privateIpv4.address()), publicIpv4.from(), privateIpv4.from());
    }

    private Sourced one(Optional<String> given, String flag, String variable) {
        if (given.isPresent()) {
            return new Sourced(flag(flag, given.get()), flag);
        }
        String found = variable(variable, flag);
        return new Sourced(found, found.isEmpty() ? "" : "%s in %s".formatted(variable, environment));
    }

    /** An address of a private range (RFC 1918, 3927, 6598, and loopback) is private, any other is public. */
    static Addresses byRange(String address) {
        String[] parts = address.split("\\.", -1);
        int first = Integer.parseInt(parts[0]);
        int second = Integer.parseInt(parts[1]);
        boolean isPrivate = first == 10
                || first == 127
                || (first == 172 && second >= 16 && second < 32)
                || (first == 192 && second == 168)
                || (first == 169 && second == 254)
                || (first == 100 && second >= 64 && second < 128);
        return isPrivate ? new Addresses("", address) : new Addresses(address, "");
    }

    private static String flag(String name, String value) {
        if (!Addresses.isIpv4(value)) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is an IPv4 address such as 10.1.2.3".formatted(name, Name.printable(value)));
        }
        return value;
    }

    private String variable(String name, String flag) {
        String found = "";
        try {
            for (String line : Files.readAllLines(environment)) {
                String assignment = line.strip();
                assignment = assignment.startsWith("export ")
                        ? assignment.substring(7).strip()
                        : assignment;
                if (assignment.startsWith(name + "=")) {
                    found = unquoted(assignment.substring(name.length() + 1).strip());
                }
            }
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s cannot be read (%s): mend it, or give %s".formatted(environment, e.getMessage(), flag), e);
        }
        if (!found.isEmpty() && (!Addresses.isIpv4(found) || found.startsWith("127."))) {
            throw new IllegalArgumentException(
                    "%s in %s is '%s', where no other machine reaches this one: mend it, or give %s"
                            .formatted(name, environment, Name.printable(found), flag));
        }
        return found;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private Sourced ofDefaultRoute() {
        try {
            String name = defaultInterface();
            for (String address : name.isEmpty() ? List.<String>of() : interfaces.ipv4(name)) {
                if (!address.startsWith("127.")) {
                    return new Sourced(address, "%s, the interface of the default route".formatted(name));
                }
            }
            throw new IllegalArgumentException(
                    "this machine's address is not known, since %s: give --private-address or --public-address"
                            .formatted(
                                    name.isEmpty()
                                            ? "it has no default route"
                                            : "%s, the interface of its default route, has no IPv4 address but 127.0.0.1"
                                                    .formatted(name)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "this machine's address is not known (%s): give --private-address or --public-address"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** The default route of the lowest metric (proc_net(5): columns are tab-separated, numbers hexadecimal). */
    private String defaultInterface() throws IOException {
        String best = "";
        long lowest = Long.MAX_VALUE;
        for (String line : Files.readAllLines(routes)) {
            String[] columns = BLANKS.split(line.strip());
            boolean byDefault = columns.length >= 8
                    && columns[1].equals("00000000")
                    && columns[7].equals("00000000")
                    && (Integer.parseInt(columns[3], 16) & 1) == 1;
            if (byDefault && Long.parseLong(columns[6]) < lowest) {
                lowest = Long.parseLong(columns[6]);
                best = columns[0];
            }
        }
        return best;
    }

    private static List<String> kernel(String name) throws IOException {
        NetworkInterface found = NetworkInterface.getByName(name);
        return found == null
                ? List.of()
                : found.inetAddresses()
                        .filter(Inet4Address.class::isInstance)
                        .map(java.net.InetAddress::getHostAddress)
                        .toList();
    }
}
