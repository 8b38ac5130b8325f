package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Goodbye;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DismissalsTest {

    private final Dismissals dismissals = new Dismissals();

    private static Registration registration(int number) {
        return registration(number, new Addresses("203.0.113." + number, ""));
    }

    private static Registration registration(int number, Addresses addresses) {
        return new Registration(
                new Instance(
                        new InstanceId("web", "web%02d".formatted(number)),
                        "host",
                        addresses,
                        80,
                        Protocol.TCP,
                        CheckSpec.TCP,
                        List.of(),
                        100,
                        new Run("c" + number, "2026-01-01T00:00:00Z"),
                        "",
                        "",
                        "",
                        Map.of(),
                        Map.of()),
                "host",
                InstanceState.UP,
                "");
    }

    private static Catalog catalog(boolean named, int... numbers) {
        return catalog(named ? Map.of("dns_name", "web.example.com") : Map.of(), numbers);
    }

    private static Catalog catalog(Map<String, String> set, int... numbers) {
        SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
        for (int number : numbers) {
            registrations.put(registration(number).id(), registration(number));
        }
        SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();
        settings.put("web", new TreeMap<>(set));
        return new Catalog(1, registrations, settings, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    private void see(Catalog before, Catalog now) {
        dismissals.see("web", desired(before), desired(now), now);
    }

    private static @Nullable DesiredTargets desired(Catalog catalog) {
        return DnsTargets.desired(catalog, "web").orElse(null);
    }

    private Map<InstanceId, Goodbye> said() {
        return dismissals.and("web", Map.of());
    }

    @Test
    void whoever_serves_on_has_said_goodbye_when_its_name_is_taken_away() {
        see(catalog(true, 1, 2), catalog(false, 1, 2));
        assertThat(said().values())
                .extracting(Goodbye::run)
                .containsExactlyInAnyOrder(
                        new Run("c1", "2026-01-01T00:00:00Z"), new Run("c2", "2026-01-01T00:00:00Z"));
        assertThat(dismissals.and("app", Map.of())).isEmpty();
    }

    @Test
    void nor_does_it_matter_that_the_service_may_lose_its_last_value() {
        Catalog before = catalog(Map.of("dns_name", "web.example.com", "dns_keep_last", "false"), 1);
        Catalog now = catalog(Map.of("dns_keep_last", "false"), 1);
        see(before, now);
        see(now, now);
        assertThat(said()).hasSize(1);
    }

    @Test
    void an_address_that_is_lost_is_no_goodbye() {
        Catalog before = catalog(true, 1);
        SortedMap<InstanceId, Registration> without = new TreeMap<>(before.registrations());
        without.computeIfPresent(
                new InstanceId("web", "web01"), (id, one) -> registration(1, new Addresses("", "10.0.0.1")));
        see(before, new Catalog(2, without, before.settings(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
        assertThat(said()).isEmpty();
    }

    @Test
    void who_is_gone_with_the_name_has_not() {
        see(catalog(true, 1, 2), catalog(false, 1));
        assertThat(said()).containsOnlyKeys(new InstanceId("web", "web01"));
        see(catalog(true, 1, 2), catalog(false));
        assertThat(said()).isEmpty();
    }

    @Test
    void a_name_that_comes_back_takes_it_back_and_one_that_was_never_seen_says_nothing() {
        see(catalog(true, 1), catalog(false, 1));
        see(catalog(false, 1), catalog(false, 1));
        assertThat(said()).hasSize(1);
        see(catalog(false, 1), catalog(true, 1));
        assertThat(said()).isEmpty();
        see(catalog(false, 1), catalog(false, 1));
        assertThat(said()).isEmpty();
    }
}
