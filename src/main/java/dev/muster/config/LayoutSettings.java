package dev.muster.config;

import dev.muster.config.LayoutConfig.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The layouts that an agent writes, and the aliases that it may, as a person sets them. */
public final class LayoutSettings {

    private static final String MUSTERS = "/muster";

    public static final Setting<List<Kind>> LAYOUT = Setting.of(
            "layout",
            "NAME[,NAME...]",
            "fields",
            Values.listOf(Values.oneOf(Kind.class)),
            "how registrations stand in etcd: fields, json, presence, registrator, skydns");

    public static final Setting<String> REGISTRATOR_PREFIX = Setting.of(
            "registrator-prefix",
            "PATH",
            LayoutConfig.DEFAULT_REGISTRATOR_PREFIX,
            LayoutSettings::prefix,
            "where the layout registrator stands in etcd");

    public static final Setting<String> SKYDNS_PREFIX = Setting.of(
            "skydns-prefix",
            "PATH",
            LayoutConfig.DEFAULT_SKYDNS_PREFIX,
            LayoutSettings::prefix,
            "where the layout skydns stands in etcd, CoreDNS's path");

    public static final Setting<String> SKYDNS_DOMAIN = Setting.of(
            "skydns-domain",
            "DOMAIN",
            LayoutConfig.DEFAULT_SKYDNS_DOMAIN,
            LayoutSettings::domain,
            "the zone in which the layout skydns names services");

    public static final Setting<List<String>> ALLOW_ALIAS = Setting.optional(
            "allow-alias",
            "PATH[,PATH...]",
            Values.listOf(LayoutSettings::prefix),
            "where aliases may stand besides below their own service (default: nowhere)");

    private LayoutSettings() {}

    static List<Setting<?>> all() {
        return List.of(LAYOUT, REGISTRATOR_PREFIX, SKYDNS_PREFIX, SKYDNS_DOMAIN, ALLOW_ALIAS);
    }

    /** @param services where services stand */
    static LayoutConfig from(Settings settings, String services) {
        Set<Kind> kinds = EnumSet.copyOf(settings.get(LAYOUT));
        String registrator = settings.get(REGISTRATOR_PREFIX);
        if (kinds.containsAll(List.of(Kind.JSON, Kind.REGISTRATOR)) && registrator.equals(services)) {
            throw settings.refuse(
                    REGISTRATOR_PREFIX,
                    "the layouts json and registrator would write the same keys; allowed is another");
        }
        return new LayoutConfig(kinds, registrator, settings.get(SKYDNS_PREFIX), settings.get(SKYDNS_DOMAIN));
    }

    static List<String> aliases(Settings settings) {
        return settings.find(ALLOW_ALIAS).orElse(List.of());
    }

    private static String prefix(String text) {
        if (!EtcdConfig.isPrefix(text) || text.equals(MUSTERS) || text.startsWith(MUSTERS + "/")) {
            throw new IllegalArgumentException(
                    "allowed is a path such as /services, without a slash at the end, and not below " + MUSTERS);
        }
        return text;
    }

    private static String domain(String text) {
        if (!LayoutConfig.isDomain(text)) {
            throw new IllegalArgumentException("allowed is " + LayoutConfig.DOMAIN_ALLOWED);
        }
        return text;
    }
}
