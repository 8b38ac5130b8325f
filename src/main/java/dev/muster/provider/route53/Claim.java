package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import dev.muster.model.InstanceState;
import dev.muster.model.ServiceSetting;
import dev.muster.model.ServiceSettings;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one service asks for: its addresses under a name.
 *
 * @param zone its name or id, where it is said
 * @param keepsLast whether the record stays as it is while no instance is in service
 * @param targets of both families, in any state
 */
record Claim(
        String service,
        DnsName name,
        Optional<String> zone,
        long ttlSeconds,
        boolean keepsLast,
        SortedMap<Target, TargetState> targets) {

    private static final int DEFAULT_TTL_SECONDS = 600;

    /** The types of record that it makes, in this order. */
    static final List<String> TYPES = List.of("A", "AAAA");

    /** @throws IllegalArgumentException where the name or the zone is none, naming it and what is allowed */
    static Claim of(ServiceTargets service) {
        SortedMap<String, String> settings = service.about().settings();
        return new Claim(
                service.service(),
                DnsName.parse(
                        ServiceSettings.DNS_NAME.parse(settings.getOrDefault(ServiceSettings.DNS_NAME.name(), ""))),
                Optional.ofNullable(settings.get(ServiceSettings.ROUTE53_ZONE.name()))
                        .map(ServiceSettings.ROUTE53_ZONE::parse),
                ttlSeconds(settings),
                or(settings, ServiceSettings.DNS_KEEP_LAST, true),
                service.targets());
    }

    /** Where the setting is not set, or is none: what presence-dns had. */
    static int ttlSeconds(Map<String, String> settings) {
        return or(settings, ServiceSettings.DNS_TTL, DEFAULT_TTL_SECONDS);
    }

    /** One that is none counts as not set, as for every other setting, and whoever reads settings tells of it. */
    private static <T> T or(Map<String, String> settings, ServiceSetting<T> setting, T otherwise) {
        @Nullable String text = settings.get(setting.name());
        try {
            return text == null ? otherwise : setting.parse(text);
        } catch (IllegalArgumentException none) {
            return otherwise;
        }
    }

    /** Those of one family. */
    SortedMap<Target, TargetState> targets(String type) {
        SortedMap<Target, TargetState> some = new TreeMap<>();
        targets.forEach((target, as) -> {
            if (isOf(type, target)) {
                some.put(target, as);
            }
        });
        return some;
    }

    /** What is to stand in its record of this type; empty where no record is to stand. */
    List<String> addresses(String type) {
        return targets(type).entrySet().stream()
                .filter(one -> one.getValue().state() == InstanceState.UP)
                .map(one -> one.getKey().address())
                .distinct()
                .toList();
    }

    boolean isServed() {
        return targets.values().stream().anyMatch(as -> as.state() == InstanceState.UP);
    }

    private static boolean isOf(String type, Target target) {
        return Addresses.isIpv4(target.address()) == type.equals("A");
    }
}
