package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.DnsSettings;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DnsTargetsTest {

    private final SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
    private final SortedMap<String, String> settings = new TreeMap<>(Map.of("dns_name", "web.example.com"));

    private void put(int number, Protocol protocol, Addresses addresses) {
        put(number, protocol, addresses, Map.of());
    }

    private void put(int number, Protocol protocol, Addresses addresses, Map<String, String> dns) {
        InstanceId id = new InstanceId("web", "web%02d".formatted(number));
        Instance instance = new Instance(
                id,
                "host",
                addresses,
                18000 + number,
                protocol,
                CheckSpec.TCP,
                List.of(),
                100,
                new Run("c" + number, "2026-01-01T00:00:0%dZ".formatted(number)),
                "",
                "",
                "",
                Map.of(),
                dns,
                Map.of());
        registrations.put(id, new Registration(instance, "host", InstanceState.UP, ""));
    }

    private Optional<DesiredTargets> desired() {
        Catalog catalog = new Catalog(
                1,
                registrations,
                new TreeMap<>(Map.of("web", settings)),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>());
        return DnsTargets.desired(catalog, "web");
    }

    @Test
    void every_public_address_is_a_target_and_no_private_one() {
        put(1, Protocol.HTTP, new Addresses("203.0.113.1", "10.0.0.1"));
        put(2, Protocol.UDP, new Addresses("203.0.113.2", "", "2001:db8::2", "fd00::2"));
        put(3, Protocol.TCP, new Addresses("", "10.0.0.3"));
        assertThat(desired().orElseThrow().targets())
                .containsOnlyKeys(
                        new Target("2001:db8::2", 18002),
                        new Target("203.0.113.1", 18001),
                        new Target("203.0.113.2", 18002));
    }

    @Test
    void only_settings_of_names_go_there() {
        settings.putAll(Map.of("dns_ttl", "60", "ssl_key", "secret", "route53_zone", "example.com"));
        assertThat(desired().orElseThrow().about().settings()).containsOnlyKeys("dns_name", "dns_ttl", "route53_zone");
    }

    @Test
    void a_name_stands_without_instances_and_a_service_without_a_name_does_not() {
        assertThat(desired().orElseThrow().stands()).isTrue();
        settings.clear();
        put(1, Protocol.HTTP, new Addresses("203.0.113.1", ""));
        assertThat(desired()).isEmpty();
    }

    @Test
    void what_is_set_goes_before_labels_and_of_those_the_newest_instances_count() {
        settings.clear();
        put(1, Protocol.TCP, new Addresses("203.0.113.1", ""), Map.of("name", "old.example.com", "type", "A"));
        put(2, Protocol.TCP, new Addresses("203.0.113.2", ""), Map.of("name", "new.example.com", "ttl", "30"));
        put(3, Protocol.TCP, new Addresses("203.0.113.3", ""));
        assertThat(desired().orElseThrow().about().settings())
                .containsOnly(Map.entry("muster.dns.name", "new.example.com"), Map.entry("muster.dns.ttl", "30"));
        assertThat(desired().orElseThrow().targets()).hasSize(3);
        settings.put("dns_ttl", "60");
        assertThat(DnsSettings.read(desired().orElseThrow().about().settings(), DnsSettings.TTL))
                .contains(60);
    }

    @Test
    void a_weight_a_health_check_and_a_priority_are_the_instances_own() {
        put(
                1,
                Protocol.UDP,
                new Addresses("203.0.113.1", ""),
                Map.of("weight", "7", "health_check", "0f1e", "srv_priority", "10"));
        put(2, Protocol.UDP, new Addresses("203.0.113.2", ""));
        DesiredTargets desired = desired().orElseThrow();
        Target first = new Target("203.0.113.1", 18001);
        assertThat(desired.targets())
                .hasEntrySatisfying(
                        first, wanted -> assertThat(wanted.as().weight()).isEqualTo(7));
        assertThat(desired.about().details(first).attributes())
                .containsOnly(Map.entry("muster.dns.health_check", "0f1e"), Map.entry("muster.dns.srv_priority", "10"));
        assertThat(desired.about().details(new Target("203.0.113.2", 18002)).attributes())
                .isEmpty();
        assertThat(desired.about().settings()).containsOnlyKeys("dns_name");
        assertThat(desired.protocol()).isEqualTo(Protocol.UDP);
    }

    /** So that a person can let go of what the last container has left behind. */
    @Test
    void a_service_that_keeps_no_last_value_stands_without_a_name_and_without_targets() {
        settings.clear();
        settings.put("dns_keep_last", "false");
        put(1, Protocol.TCP, new Addresses("203.0.113.1", ""));
        assertThat(desired().orElseThrow().targets()).isEmpty();
        assertThat(desired().orElseThrow().stands()).isTrue();
        settings.put("dns_keep_last", "true");
        assertThat(desired()).isEmpty();
    }
}
