package dev.muster.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One reachable port of one running container, as its owner means it.
 *
 * @param host name of the machine it runs on
 * @param port the port at which {@code addresses} reach it (1-65535)
 * @param weight share of traffic relative to its fellows (0-256, as HAProxy has it; 100 is the default)
 * @param run the container's run
 * @param unit the systemd unit that runs it, or empty
 * @param image the image reference it was started with
 * @param version the image's version, or empty
 * @param attributes anything else its owner says (at most 40)
 * @param dns what its labels ask for in DNS, by the words of {@link DnsSettings#labels}
 * @param aliases more keys that say the same in other words, as {@code muster.alias} asks for: whole key to value (at most 10)
 */
public record Instance(
        InstanceId id,
        String host,
        Addresses addresses,
        int port,
        Protocol protocol,
        CheckSpec check,
        List<Route> routes,
        int weight,
        Run run,
        String unit,
        String image,
        String version,
        Map<String, String> attributes,
        Map<String, String> dns,
        Map<String, String> aliases) {

    public static final int DEFAULT_WEIGHT = 100;

    public Instance {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port '%d': allowed is 1 to 65535".formatted(port));
        }
        if (weight < 0 || weight > 256) {
            throw new IllegalArgumentException("weight '%d': allowed is 0 to 256".formatted(weight));
        }
        if (attributes.size() > 40) {
            throw new IllegalArgumentException("attributes: %d given, at most 40".formatted(attributes.size()));
        }
        if (aliases.size() > 10) {
            throw new IllegalArgumentException("aliases: %d given, at most 10".formatted(aliases.size()));
        }
        DnsSettings.requireLabels(dns);
        routes = List.copyOf(routes);
        attributes = sorted(attributes);
        dns = sorted(dns);
        aliases = sorted(aliases);
    }

    /** One that asks for nothing in DNS. */
    public Instance(
            InstanceId id,
            String host,
            Addresses addresses,
            int port,
            Protocol protocol,
            CheckSpec check,
            List<Route> routes,
            int weight,
            Run run,
            String unit,
            String image,
            String version,
            Map<String, String> attributes,
            Map<String, String> aliases) {
        this(
                id,
                host,
                addresses,
                port,
                protocol,
                check,
                routes,
                weight,
                run,
                unit,
                image,
                version,
                attributes,
                Map.of(),
                aliases);
    }

    /** A fleet has very many of these, most of them with one entry or none, which is in order without a tree. */
    private static Map<String, String> sorted(Map<String, String> texts) {
        return texts.size() < 2 ? Map.copyOf(texts) : Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** The same instance under other aliases. */
    public Instance withAliases(Map<String, String> newAliases) {
        return new Instance(
                id,
                host,
                addresses,
                port,
                protocol,
                check,
                routes,
                weight,
                run,
                unit,
                image,
                version,
                attributes,
                dns,
                newAliases);
    }

    /** Where a balancer sends its traffic. */
    public Target target() {
        return new Target(addresses.preferred(), port);
    }

    /** Where clients outside reach it: one of each family, or none. */
    public List<Target> publicTargets() {
        return Stream.of(addresses.publicIpv4(), addresses.publicIpv6())
                .filter(address -> !address.isEmpty())
                .map(address -> new Target(address, port))
                .toList();
    }

    /** Its share of the answers in DNS: what its label says of that, else its weight. */
    public int dnsWeight() {
        return Optional.ofNullable(dns.get(DnsSettings.word(DnsSettings.WEIGHT)))
                .map(DnsSettings.WEIGHT::parse)
                .orElse(weight);
    }
}
