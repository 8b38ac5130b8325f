package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names that cannot be had, and what others have. */
class Route53RefusalsIT {

    private final Route53Scene scene = new Route53Scene();

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    @Tag("fault-35")
    void one_bad_name_keeps_no_other_one_waiting() throws Exception {
        ServiceTargets bad = named("bad", "bad.example.com", "not-an-address");
        ServiceTargets[] some = Arrays.copyOf(Route53Scene.fleet(0, 31, "203.0.113.5"), 32);
        some[31] = bad;
        scene.make(some);
        assertThat(scene.refused(some)).containsOnlyKeys("bad");
        assertThat(scene.provider.possible(all(some))).doesNotContainKey("bad").hasSize(31);
        assertThat(scene.provider.actual()).hasSize(31);

        int calls = scene.route53.calls().size();
        assertThat(scene.make(some).changes()).isEmpty();
        assertThat(scene.refused(some)).containsOnlyKeys("bad");
        assertThat(scene.route53.calls().stream().skip(calls).filter(call -> !call.startsWith("GetChange")))
                .as("what was refused is not tried again at once")
                .isEmpty();
    }

    @Test
    @Tag("fault-35")
    void what_a_service_has_under_another_name_stays_while_the_new_one_is_not_accepted() throws Exception {
        scene.make(up("web", "203.0.113.5"));
        ServiceTargets renamed = named("web", "new.example.com", "not-an-address");
        for (int pass = 0; pass < 3; pass++) {
            scene.make(renamed);
            assertThat(scene.refused(renamed)).containsOnlyKeys("web");
            assertThat(scene.values("web.example.com")).containsExactly("203.0.113.5");
        }
        scene.make(named("web", "newer.example.com", "203.0.113.6"));
        assertThat(scene.values("newer.example.com")).containsExactly("203.0.113.6");
        assertThat(scene.values("web.example.com")).isEmpty();
    }

    @Test
    @Tag("fault-38")
    void what_is_not_ours_stays_as_it_is() throws Exception {
        FakeZone zone = scene.zone();
        zone.put(RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1")));
        zone.put(new RecordSet(
                new DnsName("w.example.com"), "A", "one", 300, List.of("198.51.100.2"), Routing.weighted(1)));
        zone.put(RecordSet.simple(new DnsName("x y.example.com"), "TXT", 300, List.of("\"v=spf1 -all\"")));
        List<RecordSet> before = scene.sets();
        ServiceTargets[] services = {up("web", "203.0.113.5"), up("w", "203.0.113.5"), up("app", "203.0.113.5")};
        scene.make(services);
        assertThat(scene.refused(services)).containsOnlyKeys("w", "web");
        scene.make();
        assertThat(scene.sets()).containsAll(before);
        assertThat(scene.sets())
                .filteredOn(set -> !before.contains(set))
                .extracting(set -> set.name().text())
                .containsExactly("_muster-route53.example.com");
    }

    @Test
    @Tag("fault-38")
    void a_name_is_given_as_soon_as_it_is_nobody_elses_any_more() throws Exception {
        FakeZone zone = scene.zone();
        RecordSet foreign = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1"));
        zone.put(foreign);
        try (Route53Provider often =
                Route53Contract.open(scene.route53.endpoint(), Route53Scene.ZONE, scene.leader, Duration.ZERO)) {
            Route53Scene.make(often, up("web", "203.0.113.5"));
            assertThat(Route53Scene.refused(often, up("web", "203.0.113.5"))).containsOnlyKeys("web");
            zone.remove(foreign.key());
            Route53Scene.make(often, up("web", "203.0.113.5"));
            assertThat(Route53Scene.refused(often, up("web", "203.0.113.5"))).isEmpty();
        }
        assertThat(scene.values("web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    @Tag("fault-38")
    void a_record_that_appears_between_a_look_and_a_write_stays_as_it_is() throws Exception {
        scene.provider.actual();
        RecordSet foreign = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1"));
        scene.zone().put(foreign);
        ServiceTargets[] services = {up("web", "203.0.113.5"), up("app", "203.0.113.5")};
        scene.make(services);
        assertThat(scene.refused(services)).containsOnlyKeys("web");
        assertThat(scene.refused(services).get("web"))
                .hasToString("setting dns_name, dns_ttl: web.example.com A (198.51.100.1) stands there already: "
                        + "it is not Muster's, and nothing beside it says whose it is (it is left out)");
        assertThat(scene.sets()).contains(foreign);
        assertThat(scene.values("app.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    @Tag("fault-37")
    void a_zone_that_is_deleted_takes_only_its_own_names_along() throws Exception {
        scene.route53.zone("Z2222222222", "example.org", false);
        try (Route53Provider both =
                Route53Contract.open(scene.route53.endpoint(), "example.org", scene.leader, Route53Scene.SELDOM)) {
            ServiceTargets org = named("org", "a.example.org", "203.0.113.5");
            Route53Scene.make(both, org);
            scene.route53.delete("Z2222222222");
            ServiceTargets moved = named("org", "a.example.org", "203.0.113.6");
            Route53Scene.make(both, moved);
            assertThat(Route53Scene.refused(both, moved)).containsOnlyKeys("org");
        }
        assertThat(scene.calls("CreateHostedZone")).isZero();
    }

    @Test
    void of_two_zones_of_one_name_the_one_that_is_meant_is_said_by_its_id() throws Exception {
        scene.route53.zone("Z1111111111", "split.example", false);
        scene.route53.zone("Z2222222222", "split.example", true);
        try (Route53Provider both =
                Route53Contract.open(scene.route53.endpoint(), "split.example", scene.leader, Route53Scene.SELDOM)) {
            for (String[] zone : new String[][] {{}, {"route53_zone", "split.example"}}) {
                ServiceTargets web = with(named("web", "web.split.example", "203.0.113.5"), zone);
                Route53Scene.make(both, web);
                assertThat(Route53Scene.refused(both, web).get("web"))
                        .asString()
                        .contains("Z1111111111 (public) and Z2222222222 (private)");
            }
            ServiceTargets web = with(named("web", "web.split.example", "203.0.113.5"), "route53_zone", "Z2222222222");
            Route53Scene.make(both, web);
            assertThat(Route53Scene.refused(both, web)).isEmpty();
        }
        assertThat(scene.route53.sets("Z1111111111")).hasSize(2);
        assertThat(scene.route53.sets("Z2222222222"))
                .extracting(set -> set.name().text())
                .contains("web.split.example");
    }
}
