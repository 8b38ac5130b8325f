package dev.muster.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an instance can be reached: literals, each possibly empty, never all.
 *
 * @param publicIpv4 for clients outside the fleet's network
 * @param privateIpv4 for clients inside it
 * @param publicIpv6 as {@code publicIpv4}; in its canonical form (RFC 5952), whatever form was given
 * @param privateIpv6 as {@code privateIpv4}, likewise
 */
public record Addresses(String publicIpv4, String privateIpv4, String publicIpv6, String privateIpv6) {

    public Addresses {
        publicIpv6 = requireIpv6("public_ipv6_addr", publicIpv6);
        privateIpv6 = requireIpv6("private_ipv6_addr", privateIpv6);
        requireIpv4("public_ipv4_addr", publicIpv4);
        requireIpv4("private_ipv4_addr", privateIpv4);
        if (publicIpv4.isEmpty() && privateIpv4.isEmpty() && publicIpv6.isEmpty() && privateIpv6.isEmpty()) {
            throw new IllegalArgumentException("public_ipv4_addr, private_ipv4_addr, public_ipv6_addr,"
                    + " private_ipv6_addr: at least one must be given");
        }
    }

    public Addresses(String publicIpv4, String privateIpv4) {
        this(publicIpv4, privateIpv4, "", "");
    }

    /**
     * One address by its range: private (RFC 1918, 3927, 4193, 4291, 6598, and loopback), else public.
     *
     * @throws IllegalArgumentException for what is no literal
     */
    public static Addresses byRange(String address) {
        if (!isIpv4(address)) {
            return isLocalIpv6(address) ? new Addresses("", "", "", address) : new Addresses("", "", address, "");
        }
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

    /** These, and of the others what these lack. */
    public Addresses and(Addresses others) {
        return new Addresses(
                either(publicIpv4, others.publicIpv4),
                either(privateIpv4, others.privateIpv4),
                either(publicIpv6, others.publicIpv6),
                either(privateIpv6, others.privateIpv6));
    }

    /** Those of one family alone; empty where there is none. */
    public Optional<Addresses> ipv4() {
        return publicIpv4.isEmpty() && privateIpv4.isEmpty()
                ? Optional.empty()
                : Optional.of(new Addresses(publicIpv4, privateIpv4));
    }

    /** As {@link #ipv4}. */
    public Optional<Addresses> ipv6() {
        return publicIpv6.isEmpty() && privateIpv6.isEmpty()
                ? Optional.empty()
                : Optional.of(new Addresses("", "", publicIpv6, privateIpv6));
    }

    /** Those that this one address is among these, in its own place; empty where it is none of them. */
    public Optional<Addresses> only(String address) {
        boolean found = !address.isEmpty()
                && List.of(publicIpv4, privateIpv4, publicIpv6, privateIpv6).contains(address);
        return found
                ? Optional.of(new Addresses(
                        publicIpv4.equals(address) ? address : "",
                        privateIpv4.equals(address) ? address : "",
                        publicIpv6.equals(address) ? address : "",
                        privateIpv6.equals(address) ? address : ""))
                : Optional.empty();
    }

    /** The private address, or the public one where there is no private one; IPv6 where there is no IPv4. */
    public String preferred() {
        return either(either(privateIpv4, publicIpv4), either(privateIpv6, publicIpv6));
    }

    /** The public address, IPv6 where there is no IPv4, or empty. */
    public String publicIp() {
        return either(publicIpv4, publicIpv6);
    }

    /** The private address, IPv6 where there is no IPv4, or empty. */
    public String privateIp() {
        return either(privateIpv4, privateIpv6);
    }

    /** Those that there are. */
    public List<String> all() {
        return Stream.of(publicIpv4, privateIpv4, publicIpv6, privateIpv6)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    private static String either(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private static void requireIpv4(String field, String value) {
        if (!value.isEmpty() && !isIpv4(value)) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is an IPv4 address such as 10.1.2.3".formatted(field, Name.printable(value)));
        }
    }

    private static String requireIpv6(String field, String value) {
        return value.isEmpty()
                ? ""
                : Ipv6.canonical(value)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "%s '%s': allowed is an IPv6 address such as 2001:db8::1, without brackets or zone"
                                        .formatted(field, Name.printable(value))));
    }

    /** Whether the text is an IPv6 literal without brackets, zone or an IPv4 address in it. */
    public static boolean isIpv6(String text) {
        return Ipv6.canonical(text).isPresent();
    }

    /**
     * Whether no other machine reaches it there: loopback, "this host" (RFC 6890: 127.0.0.0/8, 0.0.0.0/8, ::1, ::), and
     * IPv6 addresses of one link, which need a zone.
     */
    public static boolean isUnreachable(String address) {
        return address.startsWith("127.")
                || (address.startsWith("0.") && isIpv4(address))
                || Ipv6.canonical(address)
                        .filter(text -> text.equals("::1") || text.equals("::") || text.matches("fe[89ab].:.*"))
                        .isPresent();
    }

    /**
     * Whether it may be reached from anywhere: a literal that is not private, of one machine or one link, multicast or reserved
     * (RFC 6890, 5771, 4291).
     */
    public static boolean isGlobal(String address) {
        if (isIpv4(address)) {
            int first = Integer.parseInt(address.substring(0, address.indexOf('.')));
            return first > 0 && first < 224 && !byRange(address).publicIpv4().isEmpty();
        }
        return Ipv6.canonical(address)
                .filter(text -> !isLocalIpv6(text) && !text.matches("f[ef]..:.*"))
                .isPresent();
    }

    private static boolean isLocalIpv6(String text) {
        return isUnreachable(text)
                || Ipv6.canonical(text)
                        .filter(address -> address.matches("f[cd]..:.*"))
                        .isPresent();
    }

    /** Whether the text is four decimal numbers of 0 to 255 with dots between, without leading zeros (RFC 6943, section 3.1.1). */
    public static boolean isIpv4(String text) {
        int numbers = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || value > 255) {
                    return false;
                }
                numbers++;
                digits = 0;
                value = 0;
            } else if (c < '0' || c > '9' || digits == 3 || (digits > 0 && value == 0)) {
                return false;
            } else {
                value = value * 10 + (c - '0');
                digits++;
            }
        }
        return numbers == 4;
    }
}
