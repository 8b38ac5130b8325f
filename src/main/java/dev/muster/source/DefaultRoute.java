package dev.muster.source;

import dev.muster.model.Addresses;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The addresses of the interface through which this machine reaches the rest of the world. */
final class DefaultRoute {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** IFA_F_TEMPORARY, IFA_F_DADFAILED, IFA_F_DEPRECATED and IFA_F_TENTATIVE (linux/if_addr.h). */
    private static final int PASSING = 0x01 | 0x08 | 0x20 | 0x40;

    /** The IPv4 addresses of an interface, in the kernel's order. */
    interface Interfaces {
        List<String> ipv4(String name) throws IOException;
    }

    private final Path routes;
    private final Path ipv6;
    private final Interfaces interfaces;

    /**
     * @param routes the kernel's table of IPv4 routes
     * @param ipv6 the kernel's list of IPv6 addresses
     */
    DefaultRoute(Path routes, Path ipv6, Interfaces interfaces) {
        this.routes = routes;
        this.ipv6 = ipv6;
        this.interfaces = interfaces;
    }

    /** This machine's. */
    static DefaultRoute ofKernel() {
        return new DefaultRoute(Path.of("/proc/net/route"), Path.of("/proc/net/if_inet6"), DefaultRoute::kernel);
    }

    /** @throws IllegalArgumentException saying why they are not known, and what to do */
    Addresses addresses() {
        try {
            String name = defaultInterface();
            for (String address : name.isEmpty() ? List.<String>of() : interfaces.ipv4(name)) {
                if (!Addresses.isUnreachable(address)) {
                    return withIpv6(Addresses.byRange(address), name);
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

    /**
     * With the interface's IPv6 addresses that are there to stay: of global scope, neither temporary nor tentative nor deprecated
     * (the kernel's {@code if_inet6}: address, index, prefix, scope, flags, name; the numbers hexadecimal).
     */
    private Addresses withIpv6(Addresses addresses, String name) throws IOException {
        Addresses all = addresses;
        for (String line : Files.exists(ipv6) ? Files.readAllLines(ipv6) : List.<String>of()) {
            String[] columns = BLANKS.split(line.strip());
            boolean stays = columns.length == 6
                    && columns[5].equals(name)
                    && columns[3].equals("00")
                    && (Integer.parseInt(columns[4], 16) & PASSING) == 0;
            if (stays) {
                all = all.and(Addresses.byRange(columns[0].replaceAll("(.{4})(?=.)", "$1:")));
            }
        }
        return all;
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
