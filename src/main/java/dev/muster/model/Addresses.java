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
