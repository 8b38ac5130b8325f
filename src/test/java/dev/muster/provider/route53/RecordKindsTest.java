package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.HEALTH_CHECKS;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.two;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.route53.RecordChange.Action;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weighted and multivalue sets, aliases, and the way from one kind to another. */
class RecordKindsTest {

    private static final DnsName WEB = new DnsName("web.example.com");
    private static final String LB = "front-1.eu-west-1.elb.amazonaws.com/Z32O12XQLNTSW2";
    private static final String[] SIMPLE = {};
    private static final String[] WEIGHTED = {"dns_routing", "weighted"};
    private static final String[] MULTIVALUE = {"dns_routing", "multivalue"};
    private static final String[] ALIAS = {"dns_alias", LB};

    private final PlannedZone zone = new PlannedZone();

    private static RecordSet set(String instance, String address, Routing routing) {
        return new RecordSet(WEB, "A", "muster:route53:" + instance, 60, List.of(address), routing);
    }

    private static final RecordSet CANARY =
            new RecordSet(WEB, "A", "canary", 60, List.of("198.51.100.7"), Routing.weighted(1));

    private static ServiceTargets weighing(int weight) {
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5", "203.0.113.6");
        targets.computeIfPresent(
                new Target("203.0.113.5", 18001), (at, as) -> new TargetState(as.instance(), as.state(), weight));
        return two("web", WEIGHTED).withTargets(targets);
    }

    @Test
    void each_instance_has_a_weighted_set_of_its_own_under_one_text() throws Exception {
        zone.make(weighing(256));
        assertThat(zone.sets("web.example.com", "A"))
                .containsExactly(
                        set("web01", "203.0.113.5", Routing.weighted(255)),
                        set("web02", "203.0.113.6", Routing.weighted(100)));
        assertThat(zone.said("web.example.com", "A").kind()).isEqualTo(Kind.WEIGHTED);
        assertThat(zone.plan(weighing(256)).changes()).isEmpty();
    }

    @Test
    void a_weight_changes_its_own_set_and_the_text_alone() throws Exception {
        zone.make(weighing(100));
        RecordPlan.Planned planned = zone.make(weighing(7));
        assertThat(planned.changes().getFirst().changes())
                .extracting(change -> change.action() + " " + change.set().identifier())
                .containsExactly("DELETE ", "DELETE muster:route53:web01", "CREATE muster:route53:web01", "CREATE ");
        assertThat(zone.sets("web.example.com", "A")).contains(set("web01", "203.0.113.5", Routing.weighted(7)));
    }

    @Test
    void an_instance_that_leaves_takes_its_own_set_along_and_one_that_comes_back_has_the_same_one() throws Exception {
        zone.make(two("web", MULTIVALUE));
        RecordSet first = set("web01", "203.0.113.5", Routing.MULTIVALUE);
        RecordSet second = set("web02", "203.0.113.6", Routing.MULTIVALUE);
        assertThat(zone.sets("web.example.com", "A")).containsExactly(first, second);
        zone.make(with(up("web", "203.0.113.5"), MULTIVALUE));
        assertThat(zone.sets("web.example.com", "A")).containsExactly(first);
        zone.make(two("web", MULTIVALUE));
        assertThat(zone.sets("web.example.com", "A")).containsExactly(first, second);
    }

    @Test
    void the_last_set_stays() throws Exception {
        zone.make(with(up("web", "203.0.113.5"), WEIGHTED));
        ServiceTargets nobody = with(up("web"), WEIGHTED);
        zone.make(nobody);
        assertThat(zone.sets("web.example.com", "A"))
                .containsExactly(set("web01", "203.0.113.5", Routing.weighted(100)));
        assertThat(zone.plan(nobody).changes()).isEmpty();
        zone.make(with(nobody, "dns_keep_last", "false"));
        assertThat(zone.view().sets().keySet()).extracting(RecordSet.Key::name).doesNotContain(WEB);
    }

    /** Route 53 refuses sets of two kinds beside each other, and weighted ones of two times to live. */
    @Test
    void from_every_kind_to_every_other_is_one_change() throws Exception {
        List<String[]> kinds = List.of(
                SIMPLE,
                WEIGHTED,
                MULTIVALUE,
                ALIAS,
                new String[] {"dns_routing", "weighted", "dns_ttl", "30"},
                new String[] {"dns_routing", "multivalue", "dns_ttl", "30"});
        for (String[] from : kinds) {
            for (String[] to : kinds) {
                zone.make(two("web", from));
                RecordPlan.Planned planned = zone.make(two("web", to));
                assertThat(planned.refused()).isEmpty();
                assertThat(planned.changes()).hasSize(Arrays.equals(from, to) ? 0 : 1);
                assertThat(zone.plan(two("web", to)).changes()).isEmpty();
            }
        }
        zone.make();
        assertThat(zone.view().sets().keySet())
                .extracting(RecordSet.Key::name)
                .containsOnly(new DnsName("example.com"));
    }

    @Test
    void what_another_has_put_beside_ours_stays_as_it_is_whatever_ours_do() throws Exception {
        zone.make(two("web", WEIGHTED));
        zone.put(CANARY);
        zone.make(weighing(7));
        assertThat(zone.sets("web.example.com", "A")).hasSize(3).contains(CANARY);

        for (String[] to :
                List.of(SIMPLE, MULTIVALUE, ALIAS, new String[] {"dns_routing", "weighted", "dns_ttl", "30"})) {
            RecordPlan.Planned planned = zone.plan(two("web", to));
            assertThat(planned.changes()).isEmpty();
            assertThat(planned.refused().get("web"))
                    .contains("(198.51.100.7 weighted 1, 60 s, identifier 'canary') stands beside it and is not ours");
        }

        zone.make();
        assertThat(zone.sets("web.example.com", "A")).containsExactly(CANARY);
        assertThat(zone.values("_muster-a.web.example.com", "TXT")).isEmpty();
    }

    @Test
    void a_name_with_anothers_weighted_set_is_that_ones() {
        zone.put(CANARY);
        RecordPlan.Planned planned = zone.plan(two("web", WEIGHTED));
        assertThat(planned.changes()).isEmpty();
        assertThat(planned.refused().get("web")).contains("stands there already");
    }

    @Test
    void a_weight_that_was_edited_by_hand_is_put_right_and_another_kind_is_left() throws Exception {
        zone.make(two("web", WEIGHTED));
        zone.put(set("web01", "203.0.113.5", Routing.weighted(0)));
        zone.make(two("web", WEIGHTED));
        RecordSet ours = set("web01", "203.0.113.5", Routing.weighted(100));
        assertThat(zone.sets("web.example.com", "A")).contains(ours);

        zone.sets("web.example.com", "A").forEach(zone::remove);
        RecordSet simple = RecordSet.simple(WEB, "A", 60, List.of("198.51.100.1"));
        zone.put(simple);
        assertThat(zone.plan(two("web", WEIGHTED)).refused().get("web")).contains("by hand (198.51.100.1)");
        zone.make();
        assertThat(zone.sets("web.example.com", "A")).containsExactly(simple);
        assertThat(zone.values("_muster-a.web.example.com", "TXT")).isEmpty();
    }

    @Test
    void an_alias_leads_to_its_balancer_whether_anything_is_in_service_or_not() throws Exception {
        zone.make(with(up("web"), "dns_alias", LB, "dns_alias_health", "true", "dns_type", "A,AAAA"));
        Routing alias = Routing.alias(
                new Routing.Alias(new DnsName("front-1.eu-west-1.elb.amazonaws.com"), "Z32O12XQLNTSW2", true));
        for (String type : List.of("A", "AAAA")) {
            assertThat(zone.sets("web.example.com", type))
                    .containsExactly(new RecordSet(WEB, type, "", 0, List.of(), alias));
        }
        zone.make(two("web", ALIAS));
        assertThat(zone.sets("web.example.com", "AAAA")).isEmpty();
        RecordSet other = new RecordSet(
                WEB,
                "A",
                "",
                0,
                List.of(),
                Routing.alias(new Routing.Alias(new DnsName("other.example.net"), "Z32O12XQLNTSW2", false)));
        zone.put(other);
        zone.make(two("web", ALIAS));
        assertThat(zone.sets("web.example.com", "A")).doesNotContain(other).hasSize(1);
    }

    @Test
    void a_health_check_is_attached_to_each_set_the_instances_own_or_the_one_that_is_set() throws Exception {
        ServiceTargets two = two("web", MULTIVALUE);
        ServiceTargets own = two.withAbout(new About(
                two.about().settings(),
                new TreeMap<>(Map.of(
                        new Target("203.0.113.5", 18001),
                        Details.ofAttributes(Map.of("muster.dns.health_check", HEALTH_CHECKS.getFirst()))))));
        zone.make(own);
        assertThat(zone.sets("web.example.com", "A"))
                .extracting(set -> set.routing().healthCheck())
                .containsExactly(HEALTH_CHECKS.getFirst(), "");
        zone.make(with(own, "dns_health_check", HEALTH_CHECKS.getLast()));
        assertThat(zone.sets("web.example.com", "A"))
                .extracting(set -> set.routing().healthCheck())
                .containsOnly(HEALTH_CHECKS.getLast());
    }

    /** As of an expired registration that is held, where the watcher began after it had expired. */
    @Test
    void a_check_of_which_nobody_knows_any_more_stays() throws Exception {
        ServiceTargets two = two("web", MULTIVALUE);
        Target first = new Target("203.0.113.5", 18001);
        SortedMap<Target, Details> details = new TreeMap<>(two.about().details());
        details.put(first, Details.ofAttributes(Map.of("muster.dns.health_check", HEALTH_CHECKS.getFirst())));
        zone.make(two.withAbout(new About(two.about().settings(), details)));
        details.remove(first);
        ServiceTargets held = two.withAbout(new About(two.about().settings(), details));
        assertThat(zone.plan(held).changes()).isEmpty();
        zone.make(two);
        assertThat(zone.sets("web.example.com", "A"))
                .as("once the label is gone")
                .extracting(set -> set.routing().healthCheck())
                .containsOnly("");
    }

    @Test
    void more_sets_than_route_53_has_room_for_are_refused_and_what_stands_stays() throws Exception {
        String[] addresses =
                IntStream.range(0, 101).mapToObj("203.0.113.%d"::formatted).toArray(String[]::new);
        zone.make(up("web", addresses));
        RecordPlan.Planned planned = zone.plan(with(up("web", addresses), WEIGHTED));
        assertThat(planned.changes()).isEmpty();
        assertThat(planned.refused().get("web"))
                .isEqualTo("dns_routing 'weighted': 101 instances are in service; allowed are 100, or simple");
        String[] hundred = Arrays.copyOf(addresses, 100);
        assertThat(zone.make(with(up("web", hundred), WEIGHTED)).changes()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dns_routing | geo | dns_routing 'geo': allowed is simple, multivalue or weighted",
                "dns_type | A,CNAME | dns_type 'A,CNAME': allowed is A, AAAA or SRV",
                "dns_alias | lb.example.net | dns_alias 'lb.example.net': allowed is a load balancer's DNS name",
                "dns_health_check | 0f1e | dns_health_check '0f1e': allowed is one with dns_routing multivalue or weighted",
                "dns_srv | _x._tcp.example.com | dns_srv '_x._tcp.example.com': allowed is one where dns_type has SRV",
                "dns_srv_priority | 10 | dns_srv_priority '10': allowed is one where dns_type has SRV",
                "dns_srv_weight | 10 | dns_srv_weight '10': allowed is one where dns_type has SRV",
                "muster.dns.routing | geo | muster.dns.routing 'geo': allowed is simple, multivalue or weighted",
            })
    void what_is_none_changes_nothing_and_is_told(String setting, String value, String why) throws Exception {
        zone.make(up("web", "203.0.113.5"));
        RecordPlan.Planned planned = zone.plan(two("web", setting, value), up("app", "203.0.113.9"));
        assertThat(planned.changes()).extracting(NameChange::name).containsExactly(new DnsName("app.example.com"));
        assertThat(planned.refused().get("web")).startsWith(why);
    }

    @Test
    void an_alias_is_of_one_kind_alone() {
        assertThat(zone.plan(two("web", "dns_alias", LB, "dns_routing", "weighted"))
                        .refused()
                        .get("web"))
                .isEqualTo("dns_routing 'weighted': allowed is simple, beside dns_alias");
    }

    @Test
    void an_instances_id_that_makes_no_identifier_is_refused() {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        targets.put(
                new Target("203.0.113.5", 80),
                new TargetState(new InstanceId("web", "i".repeat(128)), InstanceState.UP, 100));
        ServiceTargets web = service("web", targets, "dns_name", "web.example.com", "dns_routing", "weighted");
        assertThat(zone.plan(web).refused().get("web")).endsWith("allowed for a record of its own are 113 characters");
    }

    @Test
    void every_set_goes_before_another_one_comes() throws Exception {
        zone.make(two("web", WEIGHTED));
        List<Action> actions = zone.plan(two("web", MULTIVALUE)).changes().getFirst().changes().stream()
                .map(RecordChange::action)
                .toList();
        assertThat(actions.subList(0, 3)).containsOnly(Action.DELETE);
        assertThat(actions.subList(3, 6)).containsOnly(Action.CREATE);
    }
}
