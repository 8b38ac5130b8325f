package dev.muster.model;

import java.util.Arrays;
import java.util.Locale;

/**
 * How a name leads to several instances.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html">Routing policies</a>
 */
public enum DnsRouting {
    /** One record of all addresses, all of which are answered. */
    SIMPLE,
    /** One record for each instance, of which up to eight are answered. */
    MULTIVALUE,
    /** One record for each instance, of which one is answered, as often as its weight says. */
    WEIGHTED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException without a message */
    static DnsRouting parse(String text) {
        return Arrays.stream(values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }
}
