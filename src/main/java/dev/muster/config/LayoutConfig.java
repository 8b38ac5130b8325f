package dev.muster.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * In which layouts an agent writes its registrations.
 *
 * @param kinds at least one
 * @param registratorPrefix where the layout {@code registrator} stands, without a trailing slash
 * @param skydnsPrefix where the layout {@code skydns} stands, without a trailing slash
 * @param skydnsDomain the zone of which the services are names ({@code skydns.local})
 */
public record LayoutConfig(Set<Kind> kinds, String registratorPrefix, String skydnsPrefix, String skydnsDomain) {

    /** The layouts that there are. */
    public enum Kind {
        /** One key per field, as monweb wrote them. */
        FIELDS,
        /** One key per instance, a JSON object. */
        JSON,
        /** Four keys per instance, as the program presence wrote them. */
        PRESENCE,
        /** One key per instance, {@code ip:port}, as Registrator wrote it. */
        REGISTRATOR,
        /** One key per instance, which CoreDNS serves. */
        SKYDNS;

        /** The form in flags: lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String DOMAIN_ALLOWED = "a lower-case domain such as skydns.local";
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,180}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    public static final String DEFAULT_REGISTRATOR_PREFIX = "/registrator";
    public static final String DEFAULT_SKYDNS_PREFIX = "/skydns";
    public static final String DEFAULT_SKYDNS_DOMAIN = "skydns.local";
    public static final LayoutConfig DEFAULT = new LayoutConfig(
            EnumSet.of(Kind.FIELDS), DEFAULT_REGISTRATOR_PREFIX, DEFAULT_SKYDNS_PREFIX, DEFAULT_SKYDNS_DOMAIN);

    public LayoutConfig {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("layouts: at least one must be given");
        }
        kinds = Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        requirePrefix("registrator prefix", registratorPrefix);
        requirePrefix("skydns prefix", skydnsPrefix);
        if (!isDomain(skydnsDomain)) {
            throw new IllegalArgumentException(
                    "skydns domain '%s': allowed is %s".formatted(skydnsDomain, DOMAIN_ALLOWED));
        }
    }

    static boolean isDomain(String text) {
        return DOMAIN.matcher(text).matches();
    }

    private static void requirePrefix(String field, String value) {
        if (!EtcdConfig.isPrefix(value)) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is a path such as /services, without a slash at the end".formatted(field, value));
        }
    }
}
