package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import dev.muster.model.DnsHealthCheck;
import dev.muster.model.DnsSettings;
import dev.muster.model.DnsType;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.ServiceSetting;
import dev.muster.model.Target;
import dev.muster.plan.Details;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.route53.Claim.Wish;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that one service asks for: its name; and for an SRV record that one's name, and a name for each instance, to which it
 * leads, since an SRV record leads to names and not to addresses (RFC 2782). Pure.
 */
final class Claims {

    /** The types of record that Muster writes, in this order. */
    static final List<String> TYPES =
            Arrays.stream(DnsType.values()).map(DnsType::name).toList();

    /**
     * Sets of one name and type that do not stand alone.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html">Quotas on records</a>
     */
    private static final int MOST_SETS = 100;

    /** 256 as HAProxy has it is more than Route 53 knows. */
    private static final int MOST_WEIGHT = 255;

    private final ServiceTargets service;
    private final Asked asked;
    private final String group;
    private final SortedMap<String, Claim> claims = new TreeMap<>();

    private Claims(ServiceTargets service, String group, LongSupplier lastTtl) {
        this.service = service;
        this.asked = Asked.of(service.about().settings(), lastTtl);
        this.group = group;
    }

    /**
     * Each at a name of its own.
     *
     * @param lastTtl of what stands there, in seconds
     * @throws IllegalArgumentException where what it asks for is none, naming it and what is allowed
     */
    static List<Claim> of(ServiceTargets service, String group, LongSupplier lastTtl) {
        Claims claims = new Claims(service, group, lastTtl);
        claims.name();
        if (claims.asked.types().contains(DnsType.SRV)) {
            claims.srv();
        }
        return List.copyOf(claims.claims.values());
    }

    private void name() {
        Map<String, Wish> wishes = new TreeMap<>();
        for (DnsType type : List.of(DnsType.A, DnsType.AAAA)) {
            if (asked.types().contains(type)) {
                wishes.put(type.name(), addresses(type.name()));
            }
        }
        claim(asked.name(), asked.alias().isEmpty(), wishes);
    }

    private Wish addresses(String type) {
        SortedMap<Target, TargetState> some = targets(type);
        if (asked.alias().isPresent()) {
            Routing alias = Routing.alias(asked.alias().get());
            return new Wish(
                    Kind.ALIAS,
                    List.of(new RecordSet(asked.name(), type, "", 0, List.of(), alias)),
                    new TreeMap<>(),
                    Set.of(),
                    some);
        }
        return switch (asked.routing()) {
            case SIMPLE -> simple(asked.name(), type, some, state -> state == InstanceState.UP);
            case MULTIVALUE -> each(Kind.MULTIVALUE, type, some);
            case WEIGHTED -> each(Kind.WEIGHTED, type, some);
        };
    }

    private Wish simple(
            DnsName name, String type, SortedMap<Target, TargetState> some, Predicate<InstanceState> counts) {
        List<String> addresses = some.entrySet().stream()
                .filter(one -> counts.test(one.getValue().state()))
                .map(one -> one.getKey().address())
                .distinct()
                .toList();
        return Wish.simple(sets(name, type, addresses), Set.of(), some);
    }

    private List<RecordSet> sets(DnsName name, String type, List<String> values) {
        return values.isEmpty() ? List.of() : List.of(RecordSet.simple(name, type, asked.ttlSeconds(), values));
    }

    /** One for each instance that is in service. */
    private Wish each(Kind kind, String type, SortedMap<Target, TargetState> some) {
        SortedMap<String, RecordSet> sets = new TreeMap<>();
        SortedMap<String, CheckedEndpoint> endpoints = new TreeMap<>();
        some.forEach((target, as) -> {
            if (as.state() == InstanceState.UP) {
                String identifier = Identifier.of(group, as.instance().instance());
                Routing routing = kind == Kind.WEIGHTED
                        ? Routing.weighted(Math.min(as.weight(), MOST_WEIGHT))
                        : Routing.MULTIVALUE;
                String check = "";
                switch (own(target, asked.healthCheck(), DnsSettings.HEALTH_CHECK)
                        .orElse(DnsHealthCheck.NONE)) {
                    case DnsHealthCheck.None() -> endpoints.remove(identifier);
                    case DnsHealthCheck.Existing(String id) -> check = id;
                    case DnsHealthCheck.Own own ->
                        endpoints.put(identifier, CheckedEndpoint.of(own, target, asked.name()));
                }
                sets.put(
                        identifier,
                        new RecordSet(
                                asked.name(),
                                type,
                                identifier,
                                asked.ttlSeconds(),
                                List.of(target.address()),
                                routing.with(check)));
            }
        });
        requireRoom(sets.size());
        return new Wish(kind, List.copyOf(sets.values()), endpoints, unchecked(some), some);
    }

    private void requireRoom(int sets) {
        if (sets > MOST_SETS) {
            throw new IllegalArgumentException(
                    "dns_routing '%s': %d instances are in service; allowed are %d, or simple"
                            .formatted(asked.routing().text(), sets, MOST_SETS));
        }
    }

    /** Whether it asks for a health check that is to be made. */
    static boolean asksForOwnCheck(ServiceTargets service) {
        return Stream.concat(
                        Stream.of(service.about().settings()),
                        service.about().details().values().stream().map(Details::attributes))
                .anyMatch(said -> {
                    try {
                        return DnsSettings.read(said, DnsSettings.HEALTH_CHECK)
                                .filter(DnsHealthCheck.Own.class::isInstance)
                                .isPresent();
                    } catch (IllegalArgumentException none) {
                        return false;
                    }
                });
    }

    /** What is set goes before what the instance's label says. */
    private <T> Optional<T> own(Target target, Optional<T> set, ServiceSetting<T> setting) {
        return set.isPresent()
                ? set
                : DnsSettings.read(service.about().details(target).attributes(), setting);
    }

    /** Of an expired registration, whoever has not seen it knows no label. */
    private Set<String> unchecked(SortedMap<Target, TargetState> some) {
        return some.entrySet().stream()
                .filter(one -> asked.healthCheck().isEmpty()
                        && !service.about().details().containsKey(one.getKey()))
                .map(one -> Identifier.of(group, one.getValue().instance().instance()))
                .collect(Collectors.toSet());
    }

    private void srv() {
        List<String> values = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        SortedMap<DnsName, String> instances = new TreeMap<>();
        service.targets().forEach((target, as) -> {
            String instance = as.instance().instance();
            DnsName name = DnsName.parse(instance.toLowerCase(Locale.ROOT) + "." + asked.name());
            String other = Optional.ofNullable(instances.put(name, instance)).orElse(instance);
            if (!other.equals(instance)) {
                throw new IllegalArgumentException(
                        "dns_type 'SRV': instances %s and %s would have one name, %s; allowed are names that differ"
                                .formatted(other, instance, name));
            }
            if (as.state() == InstanceState.UP) {
                String leadsTo = target.port() + " " + name.escaped();
                boolean said = asked.srv().priority().isPresent()
                        && asked.srv().weight().isPresent();
                if (!said && !service.about().details().containsKey(target)) {
                    unknown.add(leadsTo);
                }
                values.add("%d %d %s"
                        .formatted(
                                own(target, asked.srv().priority(), DnsSettings.SRV_PRIORITY)
                                        .orElse(0),
                                own(target, asked.srv().weight(), DnsSettings.SRV_WEIGHT)
                                        .orElse(as.weight()),
                                leadsTo));
            }
        });
        instances.forEach(this::instance);
        DnsName name = asked.srv().name().orElseGet(this::srvName);
        Wish wish = Wish.simple(
                sets(name, DnsType.SRV.name(), values.stream().distinct().toList()), unknown, service.targets());
        claim(name, true, Map.of(DnsType.SRV.name(), wish));
    }

    /** Where an instance is; it stays as long as the instance is registered, lest resolvers remember that it was not there. */
    private void instance(DnsName name, String instance) {
        Map<String, Wish> wishes = new TreeMap<>();
        for (String type : List.of(DnsType.A.name(), DnsType.AAAA.name())) {
            SortedMap<Target, TargetState> own = targets(type);
            own.values().removeIf(as -> !as.instance().instance().equals(instance));
            wishes.put(type, simple(name, type, own, any -> true));
        }
        claim(name, true, wishes);
    }

    private DnsName srvName() {
        String label = service.service().toLowerCase(Locale.ROOT);
        String protocol = service.protocol() == Protocol.UDP ? "_udp" : "_tcp";
        if (!label.matches("[a-z0-9-]{1,62}")) {
            throw new IllegalArgumentException(
                    "dns_srv: the service's name '%s' makes no label; allowed is a name, such as _http.%s.%s"
                            .formatted(label, protocol, asked.name()));
        }
        return asked.name().under(protocol).under("_" + label);
    }

    private void claim(DnsName name, boolean mayKeep, Map<String, Wish> wishes) {
        boolean served = service.targets().values().stream().anyMatch(as -> as.state() == InstanceState.UP);
        boolean keeps = mayKeep && asked.keepsLast() && !served;
        boolean outlives = asked.byLabel() && asked.keepsLast();
        claims.merge(
                name.text(), new Claim(service.service(), name, keeps, asked.byLabel(), outlives, wishes), Claim::and);
    }

    /** Those of one family, in any state. */
    private SortedMap<Target, TargetState> targets(String type) {
        SortedMap<Target, TargetState> some = new TreeMap<>(service.targets());
        some.keySet().removeIf(target -> Addresses.isIpv4(target.address()) != type.equals("A"));
        return some;
    }

    /** In which they are to stand, where it is said. */
    static Optional<String> zone(ServiceTargets service) {
        return DnsSettings.read(service.about().settings(), DnsSettings.ZONE);
    }
}
