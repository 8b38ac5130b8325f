package dev.muster.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.plan.ServiceTargets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever takes all or nothing gets all but the ones that it refuses. A service's version is the port of its route. */
@Tag("fault-35")
class IsolationTest {

    private int trials;

    private static SortedMap<String, ServiceTargets> services(int version, int from, int to) {
        SortedMap<String, ServiceTargets> services = new TreeMap<>();
        for (int i = from; i < to; i++) {
            put(services, "s%03d".formatted(i), version);
        }
        return services;
    }

    private static void put(SortedMap<String, ServiceTargets> services, String name, int version) {
        services.put(
                name, new ServiceTargets(name, Protocol.HTTP, List.of(new Route("", "", version)), new TreeMap<>()));
    }

    /** Refuses all where one of these has version 2, and says which as far as it is talkative. */
    private Isolation.Trial refusing(Set<String> bad, Predicate<String> named) {
        return services -> {
            trials++;
            Set<String> found = services.values().stream()
                    .filter(service -> bad.contains(service.service())
                            && service.routes().getFirst().port() == 2)
                    .map(ServiceTargets::service)
                    .collect(Collectors.toSet());
            SortedMap<String, String> words = new TreeMap<>();
            found.stream().filter(named).forEach(name -> words.put(name, name + " is bad"));
            return found.isEmpty() ? Optional.empty() : Optional.of(new Isolation.Objection("no", words));
        };
    }

    @Test
    void who_is_named_stays_as_it_was_and_the_others_are_taken() throws Exception {
        SortedMap<String, ServiceTargets> last = services(1, 0, 50);
        Isolation.Found found = Isolation.find(services(2, 0, 50), last, refusing(Set.of("s007", "s031"), any -> true))
                .orElseThrow();
        assertThat(found.refused()).containsOnlyKeys("s007", "s031").containsEntry("s007", "s007 is bad");
        SortedMap<String, ServiceTargets> expected = services(2, 0, 50);
        put(expected, "s007", 1);
        put(expected, "s031", 1);
        assertThat(found.accepted()).isEqualTo(expected);
        assertThat(trials).as("all, and all the others").isEqualTo(2);
    }

    @Test
    void who_is_not_named_is_found_by_halving() throws Exception {
        Isolation.Found found = Isolation.find(
                        services(2, 0, 64), services(1, 0, 64), refusing(Set.of("s007", "s031"), any -> false))
                .orElseThrow();
        assertThat(found.refused()).containsOnlyKeys("s007", "s031").containsEntry("s007", "no");
        SortedMap<String, ServiceTargets> expected = services(2, 0, 64);
        put(expected, "s007", 1);
        put(expected, "s031", 1);
        assertThat(found.accepted()).isEqualTo(expected);
        assertThat(trials).isLessThan(25);
    }

    @Test
    void words_that_name_some_only_do_not_hide_the_others() throws Exception {
        Isolation.Found found = Isolation.find(
                        services(2, 0, 8), services(1, 0, 8), refusing(Set.of("s001", "s002"), "s001"::equals))
                .orElseThrow();
        assertThat(found.refused()).containsOnlyKeys("s001", "s002");
    }

    @Test
    void who_was_never_accepted_is_left_out() throws Exception {
        Isolation.Found found = Isolation.find(
                        services(2, 0, 8), services(2, 0, 7), refusing(Set.of("s007"), any -> false))
                .orElseThrow();
        assertThat(found.refused()).containsOnlyKeys("s007");
        assertThat(found.accepted()).isEqualTo(services(2, 0, 7));
    }

    @Test
    void one_that_others_need_does_not_leave() throws Exception {
        Isolation.Trial needed = services -> services.containsKey("s000")
                ? Optional.empty()
                : Optional.of(new Isolation.Objection("s000 is missing", new TreeMap<>()));
        Isolation.Found found =
                Isolation.find(services(2, 1, 8), services(1, 0, 8), needed).orElseThrow();
        assertThat(found.refused()).containsOnlyKeys("s000");
        assertThat(found.accepted()).containsOnlyKeys(services(1, 0, 8).keySet());
        assertThat(found.accepted().get("s005")).isEqualTo(services(2, 5, 6).get("s005"));
    }

    @Test
    void where_nothing_is_taken_at_all_no_service_is_at_fault() throws Exception {
        Isolation.Trial never = services -> Optional.of(new Isolation.Objection("no", new TreeMap<>()));
        assertThat(Isolation.find(services(2, 0, 8), services(1, 0, 8), never)).isEmpty();
        assertThat(Isolation.find(services(1, 0, 8), services(1, 0, 8), never)).isEmpty();
    }

    @Test
    void where_very_many_are_refused_the_search_ends() throws Exception {
        Set<String> bad = services(1, 0, 500).keySet();
        Isolation.Found found = Isolation.find(services(2, 0, 1000), services(1, 0, 1000), refusing(bad, any -> false))
                .orElseThrow();
        assertThat(found.refused().keySet()).containsAll(bad);
        assertThat(trials).isLessThanOrEqualTo(102);
        assertThat(refusing(bad, any -> false).of(found.accepted())).isEmpty();
    }
}
