package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.HEALTH_CHECKS;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.two;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Adoption;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every kind of record over the wire. */
class Route53KindsIT {

    private static final DnsName WEB = new DnsName("web.example.com");
    private static final String LB = "front-1.eu-west-1.elb.amazonaws.com/Z32O12XQLNTSW2";
    private static final List<String[]> KINDS = List.of(
            new String[] {},
            new String[] {"dns_routing", "weighted", "dns_health_check", HEALTH_CHECKS.getFirst()},
            new String[] {"dns_routing", "multivalue"},
            new String[] {"dns_alias", LB, "dns_alias_health", "true"},
            new String[] {"dns_type", "A,SRV"});

    private final Route53Scene scene = new Route53Scene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private int batches() {
        return scene.route53.batches().size();
    }

    @Test
    void every_kind_is_read_as_it_was_written_and_written_once() throws Exception {
        HEALTH_CHECKS.forEach(scene.zone()::healthCheck);
        for (String[] kind : KINDS) {
            scene.make(two("web", kind));
            assertThat(scene.refused(two("web", kind))).isEmpty();
            int batches = batches();
            try (Route53Provider other = scene.open(scene.leader)) {
                Route53Scene.make(other, two("web", kind));
                assertThat(other.disturbed()).isFalse();
                assertThat(batches()).as(String.join(" ", kind)).isEqualTo(batches);
            }
            scene.make();
            assertThat(scene.sets())
                    .as("what is left after %s", String.join(" ", kind))
                    .hasSize(3);
        }
    }

    @Test
    void from_kind_to_kind_is_one_batch_in_which_one_set_of_the_name_is_always_left() throws Exception {
        HEALTH_CHECKS.forEach(scene.zone()::healthCheck);
        scene.make(two("web", KINDS.getFirst()));
        for (String[] kind : KINDS.subList(1, 4)) {
            int batches = batches();
            scene.make(two("web", kind));
            assertThat(batches()).as(String.join(" ", kind)).isEqualTo(batches + 1);
            assertThat(scene.sets()).filteredOn(set -> set.name().equals(WEB)).isNotEmpty();
        }
    }

    @Test
    @Tag("fault-38")
    void what_another_puts_beside_a_weighted_set_stays_byte_for_byte() throws Exception {
        RecordSet canary = new RecordSet(WEB, "A", "canary", 60, List.of("198.51.100.7"), Routing.weighted(1));
        scene.make(two("web", "dns_routing", "weighted"));
        scene.zone().put(canary);
        try (Route53Provider often =
                Route53Contract.open(scene.route53.endpoint(), Route53Scene.ZONE, scene.leader, Duration.ZERO)) {
            Route53Scene.make(often, with(up("web", "203.0.113.9"), "dns_routing", "weighted"));
            assertThat(scene.values("web.example.com")).containsExactlyInAnyOrder("198.51.100.7", "203.0.113.9");
            Route53Scene.make(often, up("web", "203.0.113.9"));
            assertThat(Route53Scene.refused(often, up("web", "203.0.113.9")).get("web"))
                    .asString()
                    .startsWith("setting")
                    .contains("identifier 'canary') stands beside it and is not ours", "it stays as it was");
            Route53Scene.make(often);
        }
        assertThat(scene.sets()).contains(canary);
        assertThat(scene.values("web.example.com")).containsExactly("198.51.100.7");
    }

    private static RecordSet theirs(String identifier, long ttl, List<String> values, Routing routing) {
        return new RecordSet(WEB, "A", identifier, ttl, values, routing);
    }

    /** Of each kind, and by its name what is to be shown of it. */
    private static Map<String, List<RecordSet>> strangers() {
        Routing.Alias alias =
                new Routing.Alias(new DnsName("front-2.eu-west-1.elb.amazonaws.com"), "Z32O12XQLNTSW2", true);
        return Map.of(
                "web.example.com. IN A ALIAS front-2.eu-west-1.elb.amazonaws.com."
                        + " ; in zone Z32O12XQLNTSW2, only while it is healthy",
                List.of(theirs("", 0, List.of(), Routing.alias(alias))),
                "web.example.com. 60 IN A 198.51.100.1 ; identifier 'one', weight 3, health check "
                        + HEALTH_CHECKS.getFirst(),
                List.of(
                        theirs(
                                "one",
                                60,
                                List.of("198.51.100.1"),
                                Routing.weighted(3).with(HEALTH_CHECKS.getFirst())),
                        theirs("two", 60, List.of("198.51.100.2"), Routing.weighted(0))),
                "web.example.com. 60 IN A 198.51.100.1 ; identifier 'one', multivalue",
                List.of(theirs("one", 60, List.of("198.51.100.1"), Routing.MULTIVALUE)));
    }

    @Test
    @Tag("fault-38")
    void every_kind_of_somebody_elses_is_taken_over_as_it_was_shown_and_the_rest_stays_byte_for_byte()
            throws Exception {
        HEALTH_CHECKS.forEach(scene.zone()::healthCheck);
        scene.zone().put(RecordSet.simple(WEB, "TXT", 300, List.of("\"v=spf1 -all\"")));
        scene.zone().put(RecordSet.simple(new DnsName("a-web.example.com"), "TXT", 300, List.of("\"mine\"")));
        scene.zone()
                .put(RecordSet.simple(new DnsName("web.example.com.example.com"), "A", 300, List.of("198.51.100.9")));
        List<RecordSet> rest = scene.sets();
        for (Map.Entry<String, List<RecordSet>> kind : strangers().entrySet()) {
            for (String[] ours : KINDS.subList(0, 4)) {
                ServiceTargets web = two("web", ours);
                kind.getValue().forEach(scene.zone()::put);
                try (Route53Provider asked = scene.open(scene.leader)) {
                    Adoption adoption = asked.adoption(WEB.text(), NamedServices.all(web));
                    assertThat(adoption.before()).contains(kind.getKey());
                    adoption.take();
                }
                try (Route53Provider next = scene.open(scene.leader)) {
                    List<RecordSet> taken = withoutFence();
                    Route53Scene.make(next, web);
                    assertThat(withoutFence()).as("it is in step").isEqualTo(taken);
                    assertThat(scene.sets())
                            .doesNotContainAnyElementsOf(kind.getValue())
                            .containsAll(rest);
                    Route53Scene.make(next);
                }
                assertThat(scene.sets())
                        .filteredOn(set -> !set.name().text().startsWith("_muster-"))
                        .isEqualTo(rest);
            }
        }
    }

    private List<RecordSet> withoutFence() {
        return scene.sets().stream()
                .filter(set -> !set.name().text().equals("_muster-route53.example.com"))
                .toList();
    }

    @Test
    @Tag("fault-38")
    void where_one_of_its_sets_is_another_by_then_nothing_is_taken_over() throws Exception {
        scene.zone().put(theirs("one", 60, List.of("198.51.100.1"), Routing.weighted(3)));
        scene.zone().put(theirs("two", 60, List.of("198.51.100.2"), Routing.weighted(1)));
        Adoption adoption =
                scene.provider.adoption(WEB.text(), NamedServices.all(two("web", "dns_routing", "weighted")));
        scene.zone().put(theirs("two", 60, List.of("198.51.100.2"), Routing.weighted(2)));
        List<RecordSet> before = scene.sets();
        assertThatThrownBy(adoption::take)
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("nothing was changed");
        assertThat(scene.sets()).isEqualTo(before);
    }

    /** Of the two, only what Route 53 itself finds wrong with a batch is known. */
    @Test
    @Tag("fault-38")
    void one_that_another_puts_there_between_a_look_and_a_write_stays_too() throws Exception {
        RecordSet canary = new RecordSet(WEB, "A", "canary", 60, List.of("198.51.100.7"), Routing.weighted(1));
        scene.make(two("web", "dns_routing", "weighted"));
        scene.zone().put(canary);
        ServiceTargets simple = up("web", "203.0.113.9");
        scene.make(simple);
        assertThat(scene.sets()).contains(canary);
        assertThat(scene.values("web.example.com")).contains("203.0.113.5", "203.0.113.6");
        assertThat(scene.refused(simple)).containsOnlyKeys("web");
    }

    @Test
    void names_are_there_before_the_record_that_leads_to_them() throws Exception {
        scene.make(two("web", "dns_type", "SRV"));
        assertThat(scene.values("_web._tcp.web.example.com", "SRV"))
                .containsExactly("0 100 18001 web01.web.example.com.", "0 100 18002 web02.web.example.com.");
        assertThat(scene.route53.batches()).hasSize(2);
        assertThat(scene.route53.batches().getFirst())
                .extracting(step -> step.set().type())
                .doesNotContain("SRV");
    }

    @Test
    @Tag("fault-35")
    void nothing_leads_to_a_name_that_was_not_accepted() throws Exception {
        ServiceTargets bad = service(
                "bad",
                targets("bad", InstanceState.UP, "not-an-address"),
                "dns_name",
                "bad.example.com",
                "dns_type",
                "SRV");
        scene.make(bad, up("web", "203.0.113.5"));
        assertThat(scene.sets()).extracting(RecordSet::type).doesNotContain("SRV");
        assertThat(scene.refused(bad, up("web", "203.0.113.5"))).containsOnlyKeys("bad");
        assertThat(scene.values("web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    @Tag("fault-35")
    void a_health_check_that_is_not_there_refuses_its_service_alone() throws Exception {
        String nowhere = "0f1e2d3c-9999-9999-9999-999999999999";
        scene.make(up("web", "203.0.113.5"));
        ServiceTargets[] services = {
            with(up("web", "203.0.113.5"), "dns_routing", "weighted", "dns_health_check", nowhere),
            up("app", "203.0.113.9")
        };
        scene.make(services);
        assertThat(scene.refused(services)).containsOnlyKeys("web");
        assertThat(scene.refused(services).get("web")).asString().contains("No health check found with ID: " + nowhere);
        assertThat(scene.values("web.example.com")).containsExactly("203.0.113.5");
        assertThat(scene.values("app.example.com")).containsExactly("203.0.113.9");
    }

    @Test
    @Tag("fault-30")
    void a_late_batch_from_before_a_change_of_kind_changes_nothing() throws Exception {
        scene.make(up("web", "203.0.113.5"));
        Thread old = scene.makeLate(up("web", "203.0.113.6"));
        scene.leader.deposed();
        try (Route53Provider successor = scene.open(new FakeLeadership("route53", 2))) {
            Route53Scene.make(successor, two("web", "dns_routing", "weighted"));
        }
        List<RecordSet> before = scene.sets();
        scene.route53.letGo();
        old.join();
        assertThat(scene.sets()).isEqualTo(before);
    }
}
