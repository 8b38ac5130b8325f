package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import dev.muster.model.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AmbassadorsTest {

    private final SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();

    private void postgres(String name, String publicIp, String privateIp, Protocol protocol) {
        InstanceId id = new InstanceId("postgres", name);
        Instance instance = new Instance(
                id,
                "host1",
                new Addresses(publicIp, privateIp),
                5000 + Integer.parseInt(name),
                protocol,
                CheckSpec.TCP,
                List.of(),
                100,
                new Run("c" + name, "2026-01-01T00:00:00Z"),
                "",
                "",
                "",
                Map.of(),
                Map.of());
        registrations.put(id, new Registration(instance, "host1", InstanceState.UP, ""));
    }

    private void three() {
        postgres("1", "192.0.2.1", "10.0.0.1", Protocol.HTTP);
        postgres("2", "", "10.0.0.2", Protocol.TCP);
        postgres("3", "192.0.2.3", "", Protocol.TCP);
    }

    private void master(String name) {
        settings.put("postgres", new TreeMap<>(Map.of("master", name)));
    }

    private DesiredTargets desired(boolean masterOnly, boolean byPublic, String... excluded) {
        Catalog catalog = new Catalog(1, registrations, settings, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        Ambassadors ambassadors = new Ambassadors(
                new TreeMap<>(Map.of("postgres", 5432)),
                masterOnly,
                Arrays.stream(excluded).collect(Collectors.toSet()),
                byPublic);
        SortedMap<String, DesiredTargets> all =
                new Bindings(ambassadors).of("ambassador").desired(catalog);
        assertThat(all).containsOnlyKeys("postgres");
        return all.getOrDefault("postgres", DesiredTargets.NOTHING);
    }

    /** Where traffic may go. */
    private static Set<String> up(DesiredTargets desired) {
        return desired.targets().entrySet().stream()
                .filter(one -> one.getValue().as().state() == InstanceState.UP)
                .map(one -> one.getKey().toString())
                .collect(Collectors.toSet());
    }

    @Test
    void leads_from_its_port_to_all_by_private_address_or_the_only_one() {
        three();
        DesiredTargets desired = desired(false, false);
        assertThat(desired.protocol()).isEqualTo(Protocol.TCP);
        assertThat(desired.routes()).containsExactly(new Route("", "", 5432));
        assertThat(up(desired)).containsExactlyInAnyOrder("10.0.0.1:5001", "10.0.0.2:5002", "192.0.2.3:5003");
    }

    @Test
    void by_public_addresses_to_those_that_have_one() {
        three();
        assertThat(up(desired(false, true))).containsExactlyInAnyOrder("192.0.2.1:5001", "192.0.2.3:5003");
    }

    @Test
    void has_its_port_while_nothing_serves() {
        assertThat(desired(false, false).stands()).isTrue();
        assertThat(desired(false, false).routes()).containsExactly(new Route("", "", 5432));
    }

    @Test
    void leaves_out_what_speaks_udp() {
        postgres("1", "", "10.0.0.1", Protocol.UDP);
        assertThat(desired(false, false).targets()).isEmpty();
    }

    @Test
    void leads_to_the_master_alone_and_to_none_without_one() {
        three();
        assertThat(up(desired(true, false))).isEmpty();
        master("2\n");
        assertThat(up(desired(true, false))).containsExactly("10.0.0.2:5002");
        master("9");
        assertThat(up(desired(true, false))).isEmpty();
        assertThat(up(desired(false, false))).as("unless that is asked for").hasSize(3);
    }

    @Test
    void leads_to_no_excluded_one_be_it_the_master() {
        three();
        assertThat(up(desired(false, false, "1", "3"))).containsExactly("10.0.0.2:5002");
        master("1");
        assertThat(up(desired(true, false, "1"))).isEmpty();
    }

    @Test
    void who_is_passed_over_stands_there_for_the_guard_and_gets_nothing() {
        three();
        master("2");
        assertThat(desired(true, false).targets()).hasEntrySatisfying(new Target("10.0.0.1", 5001), one -> {
            assertThat(one.as().state()).isEqualTo(InstanceState.DOWN);
            assertThat(one.reason())
                    .as("no failing check, which might be disbelieved")
                    .isEqualTo("passed over");
        });
    }
}
