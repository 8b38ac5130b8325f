package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where the host itself is reached: flags, then {@code COREOS_PUBLIC_IPV4}, {@code COREOS_PRIVATE_IPV4} and their IPv6
 * fellows from {@code /etc/environment}, then EC2's metadata if that is wanted, each giving what those before it do not; and
 * where none says anything, the interface of the default route. Only a flag may say 127.0.0.1. Every failure is an
 * IllegalArgumentException that says what to do.
 */
public final class HostAddresses {

    private final Path environment;
    private final Optional<Ec2Metadata> metadata;
    private final DefaultRoute route;

    HostAddresses(Path environment, Optional<Ec2Metadata> metadata, DefaultRoute route) {
        this.environment = environment;
        this.metadata = metadata;
        this.route = route;
    }

    /**
     * Addresses, and where each was found.
     *
     * @param origins in words by address, for instance {@code --public-address}
     */
    record Found(Addresses addresses, Map<String, String> origins) {}

    /** This machine's. */
    public static Addresses find(Optional<String> publicFlag, Optional<String> privateFlag, boolean ec2Metadata) {
        return ofThisMachine(ec2Metadata).choose(publicFlag, privateFlag);
    }

    static HostAddresses ofThisMachine(boolean ec2Metadata) {
        return new HostAddresses(
                Path.of("/etc/environment"),
                ec2Metadata ? Optional.of(new Ec2Metadata(Ec2Metadata.SERVER, Ec2Metadata.TIMEOUT)) : Optional.empty(),
                DefaultRoute.ofKernel());
    }

    Addresses choose(Optional<String> publicFlag, Optional<String> privateFlag) {
        return look(publicFlag, privateFlag).addresses();
    }

    Found look(Optional<String> publicFlag, Optional<String> privateFlag) {
        Given given = new Given();
        given.flag("--public-address", publicFlag, true);
        given.flag("--private-address", privateFlag, false);
        given.publicIpv4 = given.publicIpv4.isEmpty() ? variable("PUBLIC_IPV4", given) : given.publicIpv4;
        given.privateIpv4 = given.privateIpv4.isEmpty() ? variable("PRIVATE_IPV4", given) : given.privateIpv4;
        given.publicIpv6 = given.publicIpv6.isEmpty() ? variable("PUBLIC_IPV6", given) : given.publicIpv6;
        given.privateIpv6 = given.privateIpv6.isEmpty() ? variable("PRIVATE_IPV6", given) : given.privateIpv6;
        Optional<Addresses> found = given.addresses();
        if (metadata.isPresent() && (given.publicIpv4.isEmpty() || given.privateIpv4.isEmpty())) {
            Optional<Addresses> told = told(metadata.get());
            told.ifPresent(addresses -> given.origin(addresses, "EC2's metadata"));
            found = found.isEmpty() ? told : told.map(found.get()::and).or(given::addresses);
        }
        if (found.isEmpty()) {
            found = Optional.of(route.addresses());
            given.origin(found.get(), "the interface of the default route");
        }
        return new Found(found.get(), given.origins);
    }

    /** What people have said, as far as they have. */
    private static final class Given {
        private String publicIpv4 = "";
        private String privateIpv4 = "";
        private String publicIpv6 = "";
        private String privateIpv6 = "";
        private final Map<String, String> origins = new HashMap<>();

        /** The first word on an address counts. */
        void origin(Addresses addresses, String from) {
            for (String address : addresses.all()) {
                origins.putIfAbsent(address, from);
            }
        }

        void flag(String name, Optional<String> value, boolean isPublic) {
            for (String address : value.map(text -> text.split(",", -1)).orElse(new String[0])) {
                if (Addresses.isIpv4(address)) {
                    publicIpv4 = isPublic ? address : publicIpv4;
                    privateIpv4 = isPublic ? privateIpv4 : address;
                } else if (Addresses.isIpv6(address)) {
                    publicIpv6 = isPublic ? address : publicIpv6;
                    privateIpv6 = isPublic ? privateIpv6 : address;
                } else {
                    throw new IllegalArgumentException("%s '%s': allowed is an IPv4 or IPv6 address such as 10.1.2.3"
                            .formatted(name, Name.printable(address)));
                }
                origin(Addresses.byRange(address), name);
            }
        }

        Optional<Addresses> addresses() {
            return (publicIpv4 + privateIpv4 + publicIpv6 + privateIpv6).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Addresses(publicIpv4, privateIpv4, publicIpv6, privateIpv6));
        }
    }

    private static Optional<Addresses> told(Ec2Metadata service) {
        try {
            return service.read();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    ("--ec2-metadata: the metadata service does not tell this machine's addresses (%s): switch it on for this"
                                    + " instance with a hop limit that reaches this process, or leave the flag out")
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** @param which the end of the variable's name */
    private String variable(String which, Given given) {
        String name = "COREOS_" + which;
        String flag = which.startsWith("PUBLIC") ? "--public-address" : "--private-address";
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
        boolean valid = which.endsWith("4") ? Addresses.isIpv4(found) : Addresses.isIpv6(found);
        if (!found.isEmpty() && (!valid || Addresses.isUnreachable(found))) {
            throw new IllegalArgumentException(
                    "%s in %s is '%s', where no other machine reaches this one: mend it, or give %s"
                            .formatted(name, environment, Name.printable(found), flag));
        }
        if (!found.isEmpty()) {
            given.origin(Addresses.byRange(found), "%s in %s".formatted(name, environment));
        }
        return found;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
