package dev.muster.model;

/**
 * Where an instance can be reached: IPv4 literals, each possibly empty, never both.
 *
 * @param publicIpv4 for clients outside the fleet's network
 * @param privateIpv4 for clients inside it
 */
public record Addresses(String publicIpv4, String privateIpv4) {

    public Addresses {
        if (publicIpv4.isEmpty() && privateIpv4.isEmpty()) {
            throw new IllegalArgumentException("public_ipv4_addr, private_ipv4_addr: at least one must be given");
        }
        requireIpv4("public_ipv4_addr", publicIpv4);
        requireIpv4("private_ipv4_addr", privateIpv4);
    }

    /** The private address, or the public one where there is no private one. */
    public String preferred() {
        return privateIpv4.isEmpty() ? publicIpv4 : privateIpv4;
    }

    private static void requireIpv4(String field, String value) {
        if (!value.isEmpty() && !isIpv4(value)) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is an IPv4 address such as 10.1.2.3".formatted(field, Name.printable(value)));
        }
    }

    /** Whether the text is four decimal numbers of 0 to 255 with dots between, without leading zeros (RFC 6943, section 3.1.1). */
    public static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }
}
