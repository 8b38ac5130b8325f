package dev.muster.watcher;

import static dev.muster.watcher.SampleCertificates.EXPIRED;
import static dev.muster.watcher.SampleCertificates.FIRST;
import static dev.muster.watcher.SampleCertificates.OTHER;
import static dev.muster.watcher.SampleCertificates.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.BackendOption;
import dev.muster.model.KeyedCertificate;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.plan.ServiceTargets;
import dev.muster.watcher.SettingsReading.Said;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SettingsReadingTest {

    private static final Route WWW = new Route("www.example.com", "", 0);

    private final SettingsReading reading = new SettingsReading(any -> true);

    private static SortedMap<String, String> settings(String... pairs) {
        SortedMap<String, String> settings = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    private static SortedMap<String, String> certificate(KeyedCertificate certificate, KeyedCertificate key) {
        return settings("ssl_cert", certificate.chain(), "ssl_key", key.key());
    }

    private Said read(SortedMap<String, String> settings) {
        return read(settings, VALID);
    }

    private Said read(SortedMap<String, String> settings, Instant now) {
        return reading.of("web", settings, Optional.empty(), now);
    }

    @Test
    void without_settings_nothing_is_said() {
        assertThat(read(settings())).isEqualTo(Said.NOTHING);
        assertThat(read(settings("db_private_ip", "{\"value\": \"10.1.2.3\"}")).faults())
                .isEmpty();
    }

    @Test
    void the_last_good_value_stays_while_a_bad_one_stands_there() {
        assertThat(read(settings("health_url", "up")).options().healthPath()).isEqualTo("/up");
        Said bad = read(settings("health_url", "u p", "haproxy_options", "retries=1"));
        assertThat(bad.options().healthPath()).isEqualTo("/up");
        assertThat(bad.options().backend().get(BackendOption.RETRIES)).contains("1");
        assertThat(bad.faults()).containsOnlyKeys("health_url");
        assertThat(read(settings("haproxy_options", "retries=1")).options().healthPath())
                .as("taken back")
                .isEmpty();
        assertThat(read(settings("health_url", "u p")).options().healthPath()).isEmpty();
    }

    @Test
    void what_stands_in_the_balancer_is_the_last_good_one_after_a_restart() {
        ServiceOptions options = ServiceOptions.of(settings("server_tls", "verify"));
        Optional<ServiceTargets> before =
                Optional.of(new ServiceTargets("web", Protocol.HTTP, List.of(WWW), new TreeMap<>(), options));
        Said said = reading.of("web", settings("server_tls", "verfy", "route", "www example"), before, VALID);
        assertThat(said.options()).isEqualTo(options);
        assertThat(said.routes()).contains(List.of(WWW));
        assertThat(said.faults()).containsOnlyKeys("server_tls", "route");
    }

    @Test
    void what_is_not_heeded_has_no_effect_and_no_fault() {
        SettingsReading routes = new SettingsReading("route"::equals);
        SortedMap<String, String> all =
                settings("route", "www.example.com", "health_url", "u p", "server_tls", "verify");
        Said said = routes.of("web", all, Optional.empty(), VALID);
        assertThat(said.routes()).contains(List.of(WWW));
        assertThat(said.options()).isEqualTo(ServiceOptions.NONE);
        assertThat(said.faults()).isEmpty();
        assertThat(routes.of("web", all, Optional.empty(), VALID)).isSameAs(said);
    }

    @Test
    void a_persons_routes_are_told_apart_from_none() {
        assertThat(read(settings("route", "www.example.com")).routes()).contains(List.of(WWW));
        assertThat(read(settings("route", "[]")).routes()).contains(List.of());
        assertThat(read(settings("dns_ttl", "10")).routes()).isEmpty();
    }

    @Test
    void a_certificate_is_taken_with_its_own_key_only() {
        assertThat(read(certificate(FIRST, FIRST)).options().certificate()).contains(FIRST);
        Said mixed = read(certificate(OTHER, FIRST));
        assertThat(mixed.options().certificate()).contains(FIRST);
        assertThat(mixed.faults()).containsEntry("ssl_cert", "ssl_cert: its key is not the certificate's");
        assertThat(read(certificate(OTHER, OTHER)).options().certificate()).contains(OTHER);
        assertThat(read(settings()).options().certificate()).isEmpty();
    }

    @Test
    void half_a_certificate_waits_for_the_other_half() {
        assertThat(read(settings("ssl_cert", FIRST.chain())).faults())
                .containsEntry("ssl_cert", "ssl_cert: it takes both, ssl_cert and ssl_key");
        assertThat(read(certificate(FIRST, FIRST)).faults()).isEmpty();
        assertThat(read(settings("ssl_key", FIRST.key())).options().certificate())
                .contains(FIRST);
    }

    @Test
    void garbage_is_told_without_being_shown() {
        SortedMap<String, String> settings = certificate(FIRST, FIRST);
        settings.put("ssl_key", "s3cret");
        assertThat(read(settings).faults().values()).isNotEmpty().noneMatch(fault -> fault.contains("s3cret"));
        settings = certificate(FIRST, FIRST);
        settings.put("ssl_cert", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
        assertThat(read(settings).faults()).containsOnlyKeys("ssl_cert");
        assertThat(read(settings("server_tls_ca", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"))
                        .faults())
                .containsOnlyKeys("server_tls_ca");
    }

    @Test
    void an_expired_certificate_is_not_taken_and_one_in_use_stays_when_it_expires() {
        SortedMap<String, String> settings = certificate(FIRST, FIRST);
        assertThat(read(settings, EXPIRED).options().certificate()).isEmpty();
        assertThat(read(settings, VALID).options().certificate()).contains(FIRST);
        assertThat(read(new TreeMap<>(settings), EXPIRED).options().certificate())
                .contains(FIRST);
        Said expired = read(certificate(OTHER, OTHER), EXPIRED);
        assertThat(expired.options().certificate()).contains(FIRST);
        assertThat(expired.faults().get("ssl_cert")).startsWith("ssl_cert: it has expired at 21");
    }
}
