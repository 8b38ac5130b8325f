package dev.muster.watcher;

import dev.muster.model.KeyedCertificate;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.ServiceSetting;
import dev.muster.model.ServiceSettings;
import dev.muster.plan.ServiceTargets;
import dev.muster.tls.Pem;
import dev.muster.tls.ServerCertificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads what settings of services a provider heeds. A bad one is told, and the last good one stays in force. */
@SuppressWarnings("ReferenceEquality") // the same settings of the same catalog say the same
final class SettingsReading {

    private static final String CERTIFICATE = ServiceSettings.SSL_CERT.name();
    private static final String KEY = ServiceSettings.SSL_KEY.name();

    /**
     * What they say.
     *
     * @param routes that a person has set, which beat all labels
     * @param faults what is wrong, by the setting's name
     */
    record Said(ServiceOptions options, Optional<List<Route>> routes, SortedMap<String, String> faults) {
        static final Said NOTHING = new Said(ServiceOptions.NONE, Optional.empty(), new TreeMap<>());
    }

    private record Read(SortedMap<String, String> from, Said said) {}

    private final Predicate<String> heeds;
    private final Map<String, Read> reads = new HashMap<>();

    /** @param heeds whether the setting of this name counts */
    SettingsReading(Predicate<String> heeds) {
        this.heeds = heeds;
    }

    /** @param before how the service stands there, which tells what was good before this process began */
    Said of(String service, SortedMap<String, String> settings, Optional<ServiceTargets> before, Instant now) {
        Read last = reads.get(service);
        if (settings.isEmpty()) {
            reads.remove(service);
            return Said.NOTHING;
        }
        if (last != null && last.from() == settings && last.said().faults().isEmpty()) {
            return last.said();
        }
        Said earlier = last != null
                ? last.said()
                : new Said(
                        before.map(ServiceTargets::options).orElse(ServiceOptions.NONE),
                        before.map(ServiceTargets::routes),
                        new TreeMap<>());
        SortedMap<String, String> heeded = new TreeMap<>(settings);
        heeded.keySet().removeIf(heeds.negate());
        Said said = read(heeded, earlier, now);
        reads.put(service, new Read(settings, said));
        return said;
    }

    private static Said read(SortedMap<String, String> settings, Said earlier, Instant now) {
        SortedMap<String, String> faults = ServiceSettings.faults(settings);
        authorities(settings, faults);
        SortedMap<String, String> good = new TreeMap<>();
        SortedMap<String, String> before = earlier.options().settings();
        for (ServiceSetting<?> setting : ServiceOptions.SETTINGS) {
            SortedMap<String, String> source = faults.containsKey(setting.name()) ? before : settings;
            Optional.ofNullable(source.get(setting.name())).ifPresent(text -> good.put(setting.name(), text));
        }
        Optional<String> trouble = certificate(settings, earlier, faults, now);
        if (trouble.isPresent()) {
            faults.putIfAbsent(CERTIFICATE, "%s: %s".formatted(CERTIFICATE, trouble.get()));
            keep(good, before, CERTIFICATE);
            keep(good, before, KEY);
        }
        String route = settings.get(ServiceSettings.ROUTE.name());
        Optional<List<Route>> routes = route == null
                ? Optional.empty()
                : faults.containsKey(ServiceSettings.ROUTE.name())
                        ? earlier.routes()
                        : Optional.of(ServiceSettings.ROUTE.parse(route));
        return new Said(ServiceOptions.of(good), routes, faults);
    }

    private static void keep(Map<String, String> good, Map<String, String> before, String name) {
        good.remove(name);
        Optional.ofNullable(before.get(name)).ifPresent(text -> good.put(name, text));
    }

    private static void authorities(SortedMap<String, String> settings, SortedMap<String, String> faults) {
        String name = ServiceSettings.SERVER_TLS_CA.name();
        String text = settings.get(name);
        if (text != null && !faults.containsKey(name)) {
            try {
                Pem.certificates(text);
            } catch (IllegalArgumentException e) {
                faults.put(name, "%s: %s".formatted(name, e.getMessage()));
            }
        }
    }

    /** What keeps the two from being used together. One that is in use already goes on being used when it expires. */
    private static Optional<String> certificate(
            SortedMap<String, String> settings, Said earlier, SortedMap<String, String> faults, Instant now) {
        String chain = settings.get(CERTIFICATE);
        String key = settings.get(KEY);
        if (chain == null && key == null) {
            return Optional.empty();
        }
        if (chain == null || key == null) {
            return Optional.of("it takes both, ssl_cert and ssl_key");
        }
        if (faults.containsKey(CERTIFICATE) || faults.containsKey(KEY)) {
            return Optional.of("ssl_key is none");
        }
        try {
            KeyedCertificate both = new KeyedCertificate(chain, key);
            if (!earlier.options().certificate().equals(Optional.of(both))) {
                ServerCertificate.check(both.chain(), both.key(), now);
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
