package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.plan.RouteClaims.Claim;
import dev.muster.plan.RouteClaims.Granted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RouteClaimsTest {

    private static final Route WWW = new Route("www.example.com", "", 0);
    private static final Route API = new Route("www.example.com", "/api", 0);
    private static final Route DB = new Route("", "", 5432);
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static Claim http(String service, int startedSeconds, Route... routes) {
        return new Claim(service, Protocol.HTTP, List.of(routes), false, T0.plusSeconds(startedSeconds));
    }

    private static Claim tcp(String service, int startedSeconds, Route... routes) {
        return new Claim(service, Protocol.TCP, List.of(routes), false, T0.plusSeconds(startedSeconds));
    }

    private static Claim person(Claim claim) {
        return new Claim(claim.service(), claim.protocol(), claim.routes(), true, claim.since());
    }

    private static Map<String, ServiceTargets> standing(Claim... claims) {
        Map<String, ServiceTargets> standing = new TreeMap<>();
        for (Claim claim : claims) {
            standing.put(
                    claim.service(),
                    new ServiceTargets(claim.service(), claim.protocol(), claim.routes(), new TreeMap<>()));
        }
        return standing;
    }

    /** In whatever order they come. */
    private static Granted grant(Map<String, ServiceTargets> standing, Claim... claims) {
        List<Claim> all = new ArrayList<>();
        for (Claim claim : claims) {
            all.add(claim.with(standing.get(claim.service())));
        }
        Granted granted = RouteClaims.grant(all);
        Collections.reverse(all);
        assertThat(RouteClaims.grant(all)).isEqualTo(granted);
        return granted;
    }

    @Test
    void whoever_asks_for_what_nobody_else_asks_for_gets_it() {
        Granted granted = grant(Map.of(), http("a", 1, WWW), http("b", 2, API), tcp("c", 3, DB), http("d", 4));
        assertThat(granted.lost()).isEmpty();
        assertThat(granted.routes())
                .isEqualTo(Map.of("a", List.of(WWW), "b", List.of(API), "c", List.of(DB), "d", List.of()));
    }

    @Test
    void at_first_sight_the_one_that_has_been_there_longer_gets_it() {
        Granted granted = grant(Map.of(), http("a", 2, WWW, API), http("b", 1, WWW));
        assertThat(granted.routes()).isEqualTo(Map.of("a", List.of(API), "b", List.of(WWW)));
        assertThat(granted.lost())
                .extracting(Object::toString)
                .containsExactly("a does not get the route www.example.com, which b has");
    }

    @Test
    void the_first_by_name_gets_it_where_they_are_of_one_age() {
        assertThat(grant(Map.of(), http("b", 1, WWW), http("a", 1, WWW))
                        .routes()
                        .get("a"))
                .containsExactly(WWW);
    }

    @Test
    void whoever_has_it_keeps_it_when_all_of_its_instances_are_replaced() {
        Claim replaced = http("a", 100, WWW);
        Granted granted = grant(standing(http("a", 1, WWW), http("b", 2)), replaced, http("b", 2, WWW));
        assertThat(granted.routes().get("a")).containsExactly(WWW);
        assertThat(granted.lost()).hasSize(1);
    }

    @Test
    void a_route_that_is_given_up_goes_to_the_next() {
        Granted granted = grant(standing(http("a", 1, WWW)), http("a", 1, API), http("b", 2, WWW));
        assertThat(granted.lost()).isEmpty();
        assertThat(granted.routes().get("b")).containsExactly(WWW);
    }

    @Test
    void what_a_person_has_set_goes_before_what_labels_say() {
        Granted granted = grant(standing(http("a", 1, WWW)), http("a", 1, WWW), person(http("b", 2, WWW)));
        assertThat(granted.routes().get("b")).containsExactly(WWW);
    }

    @Test
    void a_slash_at_the_end_makes_no_other_route() {
        Granted granted = grant(Map.of(), http("a", 1, API), http("b", 2, new Route("www.example.com", "/api/", 0)));
        assertThat(granted.lost()).hasSize(1);
    }

    @Test
    void a_port_speaks_one_protocol_and_a_tcp_port_is_one_services() {
        Granted granted = grant(Map.of(), tcp("a", 1, DB), tcp("b", 2, DB), http("c", 3, DB));
        assertThat(granted.lost()).extracting(RouteClaims.Lost::service).containsExactly("b", "c");
        assertThat(grant(Map.of(), tcp("a", 2, DB), http("c", 1, DB)).lost())
                .extracting(RouteClaims.Lost::holder)
                .containsExactly("c");
    }

    @Test
    void a_services_name_is_a_route_like_another() {
        Route a = new Route("a", "", 0);
        assertThat(grant(Map.of(), http("a", 1), http("b", 2, a)).lost())
                .containsExactly(new RouteClaims.Lost("b", "a", "a"));
        assertThat(grant(Map.of(), http("a", 2), http("b", 1, a)).lost())
                .containsExactly(new RouteClaims.Lost("a", "a", "b"));
    }
}
