package dev.muster.provider.route53;

import dev.muster.model.Name;
import java.net.IDN;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A name as DNS compares it: lower case, international labels as A-labels (RFC 5890), no dot at its end. A byte that no
 * host name has stands as Route 53 escapes it, a backslash and three octal digits, except for the asterisk.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html">Name format</a>
 */
record DnsName(String text) implements Comparable<DnsName> {

    private static final String ALLOWED = "allowed is a name such as web.example.com or *.example.com";

    /**
     * A person's: labels of letters, digits, dashes and underscores, the first one perhaps an asterisk.
     *
     * @throws IllegalArgumentException naming the name and what is allowed
     */
    static DnsName parse(String given) {
        String text = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        DnsName name = new DnsName(Stream.of(text.split("\\.", -1))
                .map(label -> label(given, label))
                .collect(Collectors.joining(".")));
        boolean good = name.text.length() <= 253
                && name.text.matches("(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
                        + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
        if (!good) {
            throw new IllegalArgumentException("name '%s': %s".formatted(Name.printable(given), ALLOWED));
        }
        return name;
    }

    /** As Route 53 lists it. */
    static DnsName listed(String escaped) {
        String text = escaped.endsWith(".") ? escaped.substring(0, escaped.length() - 1) : escaped;
        return new DnsName(text.toLowerCase(Locale.ROOT).replace("\\052", "*"));
    }

    /** As Route 53 takes and lists it. */
    String escaped() {
        return text.replace("*", "\\052") + ".";
    }

    /** The same name is within itself. */
    boolean isWithin(DnsName zone) {
        return text.equals(zone.text) || text.endsWith("." + zone.text);
    }

    DnsName under(String label) {
        return new DnsName(label + "." + text);
    }

    private static String label(String name, String label) {
        if (label.chars().allMatch(c -> c < 128)) {
            return label.toLowerCase(Locale.ROOT);
        }
        // What IDNA 2003 (this) and IDNA 2008 (RFC 5892) make two different names of must be given as the one that is
        // meant.
        if (label.chars().anyMatch(c -> c == 'ß' || c == 'ς' || c == 0x200c || c == 0x200d)) {
            throw new IllegalArgumentException(
                    "name '%s': the label with %s means two names; allowed is its A-label, xn--..."
                            .formatted(Name.printable(name), "ß, ς or a joiner"));
        }
        try {
            return IDN.toASCII(label, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("name '%s': %s".formatted(Name.printable(name), ALLOWED), e);
        }
    }

    @Override
    public int compareTo(DnsName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
