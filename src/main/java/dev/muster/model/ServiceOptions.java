package dev.muster.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How balancers treat the requests of a service, as its settings say.
 *
 * @param healthPath what its instances are asked for to find out whether they are well; empty: they are only connected to
 * @param serverTlsName the name that instances are asked for and whose certificate they must have, or empty
 * @param serverTlsCa the authorities that vouch for instances, in PEM; empty for those of the balancer's machine
 * @param httpsRedirect plain requests are sent to HTTPS
 * @param certificate that the balancer shows to clients, beside its own
 */
public record ServiceOptions(
        String healthPath,
        ServerTls serverTls,
        String serverTlsName,
        String serverTlsCa,
        boolean httpsRedirect,
        Optional<KeyedCertificate> certificate,
        BackendOptions backend) {

    public static final ServiceOptions NONE = of(Map.of());

    /** The settings that say it. */
    public static final Set<ServiceSetting<?>> SETTINGS = Set.of(
            ServiceSettings.HEALTH_URL,
            ServiceSettings.SERVER_TLS,
            ServiceSettings.SERVER_TLS_NAME,
            ServiceSettings.SERVER_TLS_CA,
            ServiceSettings.HTTPS_REDIRECT,
            ServiceSettings.SSL_CERT,
            ServiceSettings.SSL_KEY,
            ServiceSettings.HAPROXY_OPTIONS);

    /**
     * @param settings by name; others than {@link #SETTINGS} are not looked at
     * @throws IllegalArgumentException naming the setting, the value and what is allowed
     */
    public static ServiceOptions of(Map<String, String> settings) {
        Optional<String> chain = find(settings, ServiceSettings.SSL_CERT);
        Optional<String> key = find(settings, ServiceSettings.SSL_KEY);
        return new ServiceOptions(
                find(settings, ServiceSettings.HEALTH_URL).orElse(""),
                find(settings, ServiceSettings.SERVER_TLS).orElse(ServerTls.OFF),
                find(settings, ServiceSettings.SERVER_TLS_NAME).orElse(""),
                find(settings, ServiceSettings.SERVER_TLS_CA).orElse(""),
                find(settings, ServiceSettings.HTTPS_REDIRECT).orElse(false),
                chain.isPresent() && key.isPresent()
                        ? Optional.of(new KeyedCertificate(chain.get(), key.get()))
                        : Optional.empty(),
                find(settings, ServiceSettings.HAPROXY_OPTIONS).orElse(BackendOptions.NONE));
    }

    /** The settings that say the same: those that {@link #of} reads. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        put(settings, ServiceSettings.HEALTH_URL, healthPath);
        put(settings, ServiceSettings.SERVER_TLS, serverTls == ServerTls.OFF ? "" : serverTls.text());
        put(settings, ServiceSettings.SERVER_TLS_NAME, serverTlsName);
        put(settings, ServiceSettings.SERVER_TLS_CA, serverTlsCa);
        put(settings, ServiceSettings.HTTPS_REDIRECT, httpsRedirect ? "true" : "");
        put(settings, ServiceSettings.HAPROXY_OPTIONS, backend.toString());
        certificate.ifPresent(one -> {
            put(settings, ServiceSettings.SSL_CERT, one.chain());
            put(settings, ServiceSettings.SSL_KEY, one.key());
        });
        return settings;
    }

    private static void put(Map<String, String> settings, ServiceSetting<?> setting, String text) {
        if (!text.isEmpty()) {
            settings.put(setting.name(), text);
        }
    }

    private static <T> Optional<T> find(Map<String, String> settings, ServiceSetting<T> setting) {
        return Optional.ofNullable(settings.get(setting.name())).map(setting::parse);
    }
}
