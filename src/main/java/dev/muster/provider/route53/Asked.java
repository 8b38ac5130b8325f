package dev.muster.provider.route53;

import dev.muster.model.DnsHealthCheck;
import dev.muster.model.DnsRouting;
import dev.muster.model.DnsSettings;
import dev.muster.model.DnsType;
import dev.muster.model.ServiceSetting;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a service asks for, as its settings and labels say it.
 *
 * @param zone its name or id, where it is said
 * @param keepsLast whether a record stays as it is while no instance is in service
 * @param byLabel whether nobody has set its name: it is asked for as long as an instance carries the label
 * @param alias to which the name leads, instead of to addresses
 * @param healthCheck of every instance's record, where it is said
 * @param srv of its SRV record, as far as it is said
 */
record Asked(
        DnsName name,
        Optional<String> zone,
        long ttlSeconds,
        boolean keepsLast,
        boolean byLabel,
        Set<DnsType> types,
        DnsRouting routing,
        Optional<Routing.Alias> alias,
        Optional<DnsHealthCheck> healthCheck,
        Srv srv) {

    /**
     * @param name its own
     * @param priority of every instance
     * @param weight of every instance
     */
    record Srv(Optional<DnsName> name, Optional<Integer> priority, Optional<Integer> weight) {

        private static Srv of(Map<String, String> asked) {
            return new Srv(
                    DnsSettings.read(asked, DnsSettings.SRV).map(DnsName::parse),
                    DnsSettings.read(asked, DnsSettings.SRV_PRIORITY),
                    DnsSettings.read(asked, DnsSettings.SRV_WEIGHT));
        }

        /** For what it is of no use without such a record, by the setting that says it. */
        private void requireType(Set<DnsType> types) {
            if (!types.contains(DnsType.SRV)) {
                name.ifPresent(one -> refuse(DnsSettings.SRV, one.text()));
                priority.ifPresent(one -> refuse(DnsSettings.SRV_PRIORITY, one.toString()));
                weight.ifPresent(one -> refuse(DnsSettings.SRV_WEIGHT, one.toString()));
            }
        }

        private static void refuse(ServiceSetting<?> setting, String value) {
            throw refused(setting, value, "one where dns_type has SRV");
        }
    }

    static final int DEFAULT_TTL_SECONDS = 600;

    Asked {
        if (alias.isPresent() && routing != DnsRouting.SIMPLE) {
            throw refused(DnsSettings.ROUTING, routing.text(), "simple, beside dns_alias");
        }
        if (healthCheck.isPresent() && !healthCheck.get().equals(DnsHealthCheck.NONE) && routing == DnsRouting.SIMPLE) {
            throw refused(
                    DnsSettings.HEALTH_CHECK,
                    healthCheck.get().text(),
                    "one with dns_routing multivalue or weighted, or none");
        }
        srv.requireType(types);
        if (types.contains(DnsType.SRV) && name.text().startsWith("*")) {
            throw refused(DnsSettings.NAME, name.text(), "a name without an asterisk, where dns_type has SRV");
        }
    }

    /**
     * @param asked settings by their names, and labels
     * @param lastTtl which stays where what is said of it is none
     * @throws IllegalArgumentException where one is none, or does not go with another, naming it and what is allowed
     */
    static Asked of(Map<String, String> asked, LongSupplier lastTtl) {
        Optional<Routing.Alias> alias = DnsSettings.read(asked, DnsSettings.ALIAS)
                .map(to -> new Routing.Alias(
                        DnsName.listed(to.name()),
                        to.zone(),
                        DnsSettings.read(asked, DnsSettings.ALIAS_HEALTH).orElse(false)));
        return new Asked(
                DnsSettings.read(asked, DnsSettings.NAME)
                        .map(DnsName::parse)
                        .orElseThrow(() -> new IllegalArgumentException("it asks for no name")),
                DnsSettings.read(asked, DnsSettings.ZONE),
                ttlSeconds(asked, lastTtl),
                keepsLast(asked),
                !asked.containsKey(DnsSettings.NAME.name()),
                DnsSettings.read(asked, DnsSettings.TYPE)
                        .orElse(alias.isPresent() ? EnumSet.of(DnsType.A) : EnumSet.of(DnsType.A, DnsType.AAAA)),
                DnsSettings.read(asked, DnsSettings.ROUTING).orElse(DnsRouting.SIMPLE),
                alias,
                DnsSettings.read(asked, DnsSettings.HEALTH_CHECK),
                Srv.of(asked));
    }

    /** Where it is not said: what presence-dns had. Whoever reads settings tells of one that is none. */
    static long ttlSeconds(Map<String, String> asked, LongSupplier lastTtl) {
        try {
            return DnsSettings.read(asked, DnsSettings.TTL).orElse(DEFAULT_TTL_SECONDS);
        } catch (IllegalArgumentException none) {
            return lastTtl.getAsLong();
        }
    }

    /** Where it is not said, or what is said is none, it does. */
    static boolean keepsLast(Map<String, String> asked) {
        try {
            return DnsSettings.read(asked, DnsSettings.KEEP_LAST).orElse(true);
        } catch (IllegalArgumentException none) {
            return true;
        }
    }

    private static IllegalArgumentException refused(ServiceSetting<?> setting, String value, String allowed) {
        return new IllegalArgumentException("%s '%s': allowed is %s".formatted(setting.name(), value, allowed));
    }
}
