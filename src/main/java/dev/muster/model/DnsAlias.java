package dev.muster.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something of AWS that a name leads to without an address of its own, a load balancer for instance.
 *
 * @param name its DNS name, lower case, without a dot at its end
 * @param zone the id of the hosted zone in which that name stands
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html">AliasTarget</a>
 */
public record DnsAlias(String name, String zone) {

    private static final Pattern TEXT =
            Pattern.compile("((?=.{1,253}\\.?/)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})+)\\.?/(Z[A-Z0-9]{5,31})");

    /** {@code NAME/ZONEID}; @throws IllegalArgumentException without a message */
    static DnsAlias parse(String text) {
        Matcher alias = TEXT.matcher(text);
        if (!alias.matches()) {
            throw new IllegalArgumentException();
        }
        return new DnsAlias(ServiceSettings.lower(alias.group(1)), alias.group(2));
    }
}
