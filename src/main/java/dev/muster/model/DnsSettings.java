package dev.muster.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a service asks for in DNS. A person says it by settings of the service, a container by its labels
 * {@code muster.dns.<word>}; what is set goes before what a label says. Each label has the grammar of its setting.
 */
public final class DnsSettings {

    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}\\.?$)(\\*\\.)?L([L-]{0,61}L)?(\\.L([L-]{0,61}L)?)*\\.?"
                    // Letters and digits of any script; those of ASCII in lower case.
                    .replace("L", "[a-z0-9_[\\p{L}\\p{M}\\p{Nd}&&[^\\x00-\\x7F]]]"));
    /** An id is what AWS's reference calls a ResourceId: of the characters it says no more than that there are at most 32. */
    private static final Pattern ZONE_NAME_OR_ID = Pattern.compile("[A-Z0-9]{6,32}|" + DOMAIN.pattern());

    public static final ServiceSetting<String> ZONE = ServiceSetting.text(
            "route53_zone",
            "ZONE",
            ZONE_NAME_OR_ID,
            "a zone's name in lower case, or its id, such as dev.example.com or Z0123456789ABC",
            "hosted zone in which the service's record stands");

    public static final ServiceSetting<String> NAME = ServiceSetting.text(
            "dns_name", "NAME", DOMAIN, "a lower-case host name, such as web.example.com", "name of its record");

    public static final ServiceSetting<Integer> TTL =
            ServiceSetting.number("dns_ttl", "SECONDS", 0, Integer.MAX_VALUE, "how long resolvers may keep its record");

    public static final ServiceSetting<Boolean> KEEP_LAST = ServiceSetting.truth(
            "dns_keep_last", "its record stays as it is while no instance is in service (without it: true)");

    public static final ServiceSetting<Set<DnsType>> TYPE = new ServiceSetting<>(
            "dns_type",
            "TYPE[,...]",
            false,
            "A, AAAA or SRV, or several of them with commas between",
            DnsType::several,
            "types of its records (without it: A,AAAA)");

    public static final ServiceSetting<DnsRouting> ROUTING = new ServiceSetting<>(
            "dns_routing",
            "simple|multivalue|weighted",
            false,
            "simple, multivalue or weighted",
            DnsRouting::parse,
            "one record of all addresses, or one for each instance (without it: simple)");

    public static final ServiceSetting<DnsHealthCheck> HEALTH_CHECK = new ServiceSetting<>(
            "dns_health_check",
            "none|tcp[:PORT]|http[:PORT]/PATH|https[:PORT]/PATH|ID",
            false,
            "none, tcp, tcp:PORT, http/PATH, http:PORT/PATH, https/PATH or https:PORT/PATH, with a port of 1 to 65535 and a path"
                    + " of at most 255 printable characters, or the id of a health check of Route 53, such as"
                    + " 0f1e2d3c-1111-2222-3333-444455556666",
            DnsHealthCheckText::parse,
            "health check without which none of its multivalue or weighted records is answered (without it: none)");

    public static final ServiceSetting<String> SRV = ServiceSetting.text(
            "dns_srv",
            "NAME",
            DOMAIN,
            "a lower-case name, such as _http._tcp.web.example.com",
            "name of its SRV record (without it: _<service>._tcp.<dns_name>)");

    /** The lowest is asked first, the others when it does not answer (RFC 2782). */
    public static final ServiceSetting<Integer> SRV_PRIORITY = ServiceSetting.number(
            "dns_srv_priority",
            "NUMBER",
            0,
            65535,
            "priority of its instances in its SRV record, the lowest first (without it: 0)");

    public static final ServiceSetting<Integer> SRV_WEIGHT = ServiceSetting.number(
            "dns_srv_weight",
            "NUMBER",
            0,
            65535,
            "weight of its instances in its SRV record (without it: that of each instance)");

    public static final ServiceSetting<DnsAlias> ALIAS = new ServiceSetting<>(
            "dns_alias",
            "NAME/ZONEID",
            false,
            "a load balancer's DNS name, a slash and the id of its hosted zone,"
                    + " such as front-1.eu-west-1.elb.amazonaws.com/Z32O12XQLNTSW2",
            DnsAlias::parse,
            "load balancer to which its name leads, instead of its instances' addresses");

    public static final ServiceSetting<Boolean> ALIAS_HEALTH = ServiceSetting.truth(
            "dns_alias_health",
            "the name is not answered while that balancer has no healthy target (without it: false)");

    /** Which roles there are, whoever started the watcher has said: by this one can only choose among them. */
    public static final ServiceSetting<String> ROLE = ServiceSetting.text(
            "aws_role",
            "NAME",
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?"),
            "a role's name in --aws-roles, 1 to 32 lower-case letters, digits and dashes",
            "role that is taken for its names, one of --aws-roles (without it: none)");

    /** Of one instance, and therefore by label alone. */
    public static final ServiceSetting<Integer> WEIGHT = ServiceSetting.number(
            "dns_weight", "NUMBER", 0, 255, "how often its record is answered, relative to its fellows");

    /** Those of a service, in the order in which they are explained to people. */
    public static final List<ServiceSetting<?>> ALL = List.of(
            ZONE,
            NAME,
            TTL,
            KEEP_LAST,
            TYPE,
            ROUTING,
            HEALTH_CHECK,
            SRV,
            SRV_PRIORITY,
            SRV_WEIGHT,
            ALIAS,
            ALIAS_HEALTH,
            ROLE);

    /** Those which a label says of its own instance alone. */
    public static final Set<ServiceSetting<?>> OWN = Set.of(WEIGHT, HEALTH_CHECK, SRV_PRIORITY, SRV_WEIGHT);

    /** Before each label's word. */
    public static final String LABEL = "muster.dns.";

    private static final SortedMap<String, ServiceSetting<?>> WORDS = words();

    private DnsSettings() {}

    private static SortedMap<String, ServiceSetting<?>> words() {
        SortedMap<String, ServiceSetting<?>> words = new TreeMap<>();
        ALL.forEach(setting -> words.put(word(setting), setting));
        words.put(word(WEIGHT), WEIGHT);
        return Collections.unmodifiableSortedMap(words);
    }

    /** What follows {@link #LABEL} in the label that says the same. */
    public static String word(ServiceSetting<?> setting) {
        return setting.equals(ZONE)
                ? "zone"
                : setting.equals(ROLE) ? "role" : setting.name().substring("dns_".length());
    }

    /** What a label may say, by its word. */
    public static SortedMap<String, ServiceSetting<?>> labels() {
        return WORDS;
    }

    /**
     * For whoever takes labels from elsewhere.
     *
     * @param labels by word; one of a later version is not looked at
     * @throws IllegalArgumentException naming the label, the value and what is allowed
     */
    static void requireLabels(Map<String, String> labels) {
        labels.forEach((word, text) -> Optional.ofNullable(WORDS.get(word))
                .ifPresent(setting -> setting.named(LABEL + word).parse(text)));
    }

    /** Whether a setting or a label says it, good or bad. */
    public static boolean said(Map<String, String> asked, ServiceSetting<?> setting) {
        return asked.containsKey(setting.name()) || asked.containsKey(LABEL + word(setting));
    }

    /**
     * @param asked the service's settings by their names, and labels as {@link #LABEL} and their words
     * @return empty where neither says it
     * @throws IllegalArgumentException naming the one that says it, the value and what is allowed
     */
    public static <T> Optional<T> read(Map<String, String> asked, ServiceSetting<T> setting) {
        String label = LABEL + word(setting);
        return Optional.ofNullable(asked.get(setting.name()))
                .map(setting::parse)
                .or(() -> Optional.ofNullable(asked.get(label))
                        .map(text -> setting.named(label).parse(text)));
    }
}
