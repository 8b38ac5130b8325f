package dev.muster.config;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which services a watcher brings to this machine's own ports, as a person sets it. */
public final class AmbassadorSettings {

    private record Port(String service, int port) {}

    public static final Setting<List<String>> AMBASSADOR = Setting.optional(
            "ambassador",
            "SERVICE:PORT[,...]",
            Values.listOf(text -> {
                port(text);
                return text;
            }),
            "listen on this port and lead to whatever serves the service now");

    public static final Setting<String> ADDRESS = Setting.of(
            "ambassador-address",
            "ADDRESS",
            "127.0.0.1",
            AmbassadorSettings::address,
            "where ambassadors listen: an address, or * for every one");

    public static final Setting<Boolean> MASTER_ONLY = Setting.flag(
            "master-only",
            "ambassadors lead to the instance that the service's setting 'master' names, and to no other");

    public static final Setting<List<String>> EXCLUDE = Setting.optional(
            "exclude-instance",
            "NAME[,NAME...]",
            Values.listOf(Values::name),
            "ambassadors do not lead to these instances");

    public static final Setting<Boolean> PUBLIC =
            Setting.flag("public", "ambassadors lead to public addresses instead of private ones");

    private AmbassadorSettings() {}

    static List<Setting<?>> all() {
        return List.of(AMBASSADOR, ADDRESS, MASTER_ONLY, EXCLUDE, PUBLIC);
    }

    /**
     * Empty where none is asked for.
     *
     * @throws UsageException also when there is no HAProxy to do it with, or what is said of ambassadors has none to be said of
     */
    static Optional<AmbassadorConfig> from(Settings settings, Map<String, String> environment) {
        Optional<List<String>> wanted = settings.find(AMBASSADOR);
        if (wanted.isEmpty()) {
            Stream.of(MASTER_ONLY, EXCLUDE, PUBLIC)
                    .filter(setting -> settings.find(setting)
                            .filter(given -> !given.equals(false))
                            .isPresent())
                    .findFirst()
                    .ifPresent(setting -> {
                        throw settings.refuse(setting, "it is about ambassadors: give --ambassador too");
                    });
            return Optional.empty();
        }
        SortedMap<String, Integer> ports = new TreeMap<>();
        for (String text : wanted.get()) {
            Port port = port(text);
            if (ports.containsValue(port.port())) {
                throw settings.refuse(AMBASSADOR, "port %d is given twice".formatted(port.port()));
            }
            if (ports.put(port.service(), port.port()) != null) {
                throw settings.refuse(AMBASSADOR, "service %s is given twice".formatted(port.service()));
            }
        }
        if (Environment.program(environment, settings.get(HaproxySettings.BINARY))
                .isEmpty()) {
            throw settings.refuse(
                    HaproxySettings.BINARY, "there is no such program, and ambassadors listen and forward by it");
        }
        return Optional.of(new AmbassadorConfig(
                ports,
                settings.get(ADDRESS),
                settings.get(MASTER_ONLY),
                settings.find(EXCLUDE).map(Set::copyOf).orElse(Set.of()),
                settings.get(PUBLIC)));
    }

    private static Port port(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !Name.isValid(text.substring(0, colon))) {
            throw new IllegalArgumentException("allowed is SERVICE:PORT, such as postgres:5432");
        }
        return new Port(text.substring(0, colon), Values.between(1, 65535).apply(text.substring(colon + 1)));
    }

    private static String address(String text) {
        if (text.equals("*") || Addresses.isIpv4(text)) {
            return text;
        }
        if (Addresses.isIpv6(text)) {
            return "[" + text + "]";
        }
        throw new IllegalArgumentException("allowed is an IPv4 or IPv6 address, or *");
    }
}
