package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.route53.RecordChange.Action;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordPlanTest {

    private static final DnsName WEB = new DnsName("web.example.com");
    private static final Routing ALIAS =
            Routing.alias(new Routing.Alias(new DnsName("lb.example.net"), "Z32O12XQLNTSW2", false));

    private final PlannedZone zone = new PlannedZone();

    private RecordPlan.Planned plan(ServiceTargets... services) {
        return zone.plan(services);
    }

    private RecordPlan.Planned make(ServiceTargets... services) throws Exception {
        return zone.make(services);
    }

    @Test
    void a_record_and_its_text_are_created_together() {
        NameChange change =
                plan(up("web", "203.0.113.5", "203.0.113.6")).changes().getFirst();
        assertThat(change.changes()).extracting(RecordChange::action).containsOnly(Action.CREATE);
        assertThat(change.changes().getFirst().set())
                .isEqualTo(RecordSet.simple(WEB, "A", 60, List.of("203.0.113.6", "203.0.113.5")));
        assertThat(change.changes().getLast().set())
                .isEqualTo(RecordSet.simple(
                        new DnsName("_muster-a.web.example.com"),
                        "TXT",
                        300,
                        List.of("\"muster=route53 epoch=3 nonce=n1 service=web\" \"web01=203.0.113.5:18001\""
                                + " \"web02=203.0.113.6:18002\"")));
    }

    @Test
    void a_later_change_names_exactly_what_is_there() throws Exception {
        make(up("web", "203.0.113.5"));
        List<RecordSet> before = List.copyOf(zone.view().sets().values());
        NameChange change = plan(up("web", "203.0.113.7")).changes().getFirst();
        assertThat(change.changes())
                .filteredOn(one -> one.action() == Action.DELETE)
                .extracting(RecordChange::set)
                .isSubsetOf(before)
                .hasSize(2);
        assertThat(change.changes())
                .filteredOn(one -> one.action() == Action.CREATE)
                .hasSize(2);
    }

    @Test
    void nothing_changes_where_nothing_differs_whoever_wrote_it() throws Exception {
        make(up("web", "203.0.113.5"));
        assertThat(RecordPlan.of(
                                Reading.own(List.of(zone.view())),
                                AllChecks.NONE,
                                all(up("web", "203.0.113.5")),
                                PlannedZone.GROUP,
                                99,
                                () -> "x")
                        .changes())
                .isEmpty();
    }

    @Test
    void each_family_has_its_record() throws Exception {
        make(up("web", "203.0.113.5", "2001:db8::5"));
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.values("web.example.com", "AAAA")).containsExactly("2001:db8::5");
        assertThat(zone.said("web.example.com", "AAAA").targets()).containsOnlyKeys(new Target("2001:db8::5", 18002));

        make(up("web", "203.0.113.5"));
        assertThat(zone.view().all(WEB, "AAAA")).isEmpty();
        assertThat(zone.values("_muster-aaaa.web.example.com", "TXT")).isEmpty();
    }

    @Test
    void one_name_is_one_change() throws Exception {
        make(up("web", "203.0.113.5", "2001:db8::5"));
        assertThat(plan(up("web", "203.0.113.6", "2001:db8::6")).changes()).hasSize(1);
    }

    @Test
    void the_last_value_stays_unless_that_is_not_wanted() throws Exception {
        make(up("web", "203.0.113.5"));
        make(service("web", targets("web", InstanceState.DOWN, "203.0.113.5"), "dns_name", "web.example.com"));
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.said("web.example.com", "A").targets().values())
                .extracting(TargetState::state)
                .containsExactly(InstanceState.DOWN);

        make(service("web", new TreeMap<>(), "dns_name", "web.example.com"));
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(plan(service("web", new TreeMap<>(), "dns_name", "web.example.com"))
                        .changes())
                .isEmpty();

        make(service("web", new TreeMap<>(), "dns_name", "web.example.com", "dns_keep_last", "false"));
        assertThat(zone.view().all(WEB, "A")).isEmpty();
        assertThat(zone.values("_muster-a.web.example.com", "TXT")).isEmpty();
    }

    @Test
    void who_drains_is_in_the_record_no_more() throws Exception {
        make(up("web", "203.0.113.5", "203.0.113.6"));
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5");
        targets.putAll(targets("web", InstanceState.DRAINING, "203.0.113.6"));
        make(service("web", targets, "dns_name", "web.example.com", "dns_ttl", "60"));
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
    }

    @Test
    void a_name_that_is_somebody_elses_stays_as_it_is() {
        zone.put(RecordSet.simple(WEB, "A", 300, List.of("198.51.100.1")));
        zone.put(
                RecordSet.simple(
                        new DnsName("a-web.example.com"),
                        "TXT",
                        300,
                        List.of(
                                "\"heritage=external-dns,external-dns/owner=prod,external-dns/resource=service/default/web\"")));
        RecordPlan.Planned planned = plan(up("web", "203.0.113.5"), up("app", "203.0.113.9"));
        assertThat(planned.changes()).extracting(NameChange::name).containsExactly(new DnsName("app.example.com"));
        assertThat(planned.refused())
                .containsOnlyKeys("web")
                .extractingByKey("web")
                .isEqualTo("web.example.com A (198.51.100.1) stands there already: it is external-dns's (owner prod,"
                        + " for service/default/web)");
    }

    @Test
    void a_name_of_another_group_stays_as_it_is() throws Exception {
        make(up("web", "203.0.113.5"));
        RecordPlan.Planned planned = zone.planBy("route53-blue", up("web", "203.0.113.7"));
        assertThat(planned.changes()).isEmpty();
        assertThat(planned.refused().get("web")).endsWith("it is the Muster group route53's, for the service web");
        assertThat(zone.planBy("route53-blue").changes()).isEmpty();
    }

    @Test
    void a_name_with_an_alias_or_a_cname_stays_as_it_is() {
        zone.put(new RecordSet(WEB, "A", "", 0, List.of(), ALIAS));
        zone.put(RecordSet.simple(new DnsName("app.example.com"), "CNAME", 300, List.of("x.example.net.")));
        RecordPlan.Planned planned = plan(up("web", "203.0.113.5"), up("app", "203.0.113.9"));
        assertThat(planned.changes()).isEmpty();
        assertThat(planned.refused()).containsOnlyKeys("app", "web");
        assertThat(planned.refused().get("web")).contains("alias to lb.example.net");
    }

    @Test
    void an_edit_by_hand_of_a_record_of_ours_is_put_right() throws Exception {
        make(up("web", "203.0.113.5"));
        zone.put(RecordSet.simple(WEB, "A", 5, List.of("198.51.100.1")));
        make(up("web", "203.0.113.5"));
        assertThat(zone.view().simple(WEB, "A"))
                .isEqualTo(Optional.of(RecordSet.simple(WEB, "A", 60, List.of("203.0.113.5"))));
    }

    @Test
    void a_record_of_ours_that_became_an_alias_is_left_to_whoever_did_it() throws Exception {
        make(up("web", "203.0.113.5"));
        RecordSet alias = new RecordSet(WEB, "A", "", 0, List.of(), ALIAS);
        zone.put(alias);
        assertThat(plan(up("web", "203.0.113.5")).refused().get("web")).contains("by hand");
        assertThat(plan().changes().getFirst().changes())
                .extracting(one -> one.set().type())
                .containsExactly("TXT");
    }

    @Test
    void a_service_that_is_gone_takes_its_record_along() throws Exception {
        make(up("web", "203.0.113.5"), up("app", "203.0.113.9"));
        make(up("app", "203.0.113.9"));
        assertThat(zone.view().sets().keySet())
                .extracting(RecordSet.Key::name)
                .doesNotContain(WEB, new DnsName("_muster-a.web.example.com"))
                .contains(new DnsName("app.example.com"));
    }

    @Test
    void a_service_that_asks_for_no_name_keeps_what_is_held_of_it() throws Exception {
        make(up("web", "203.0.113.5"));
        assertThat(plan(service("web", targets("web", InstanceState.UP, "203.0.113.5")))
                        .changes())
                .isEmpty();
    }

    @Test
    void a_service_moves_to_another_name_once_that_is_free() throws Exception {
        make(up("web", "203.0.113.5"));
        zone.put(RecordSet.simple(new DnsName("www.example.com"), "A", 300, List.of("198.51.100.1")));
        ServiceTargets moved = service(
                "web", targets("web", InstanceState.UP, "203.0.113.5"), "dns_name", "www.example.com", "dns_ttl", "60");
        assertThat(plan(moved).changes()).isEmpty();

        zone.remove(zone.view().simple(new DnsName("www.example.com"), "A").orElseThrow());
        RecordPlan.Planned planned = make(moved);
        assertThat(planned.changes()).extracting(NameChange::onlyRemoves).containsExactly(false, true);
        assertThat(zone.values("www.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.view().all(WEB, "A")).isEmpty();
    }

    @Test
    void a_name_that_two_services_ask_for_stays_with_the_one_that_has_it() throws Exception {
        ServiceTargets other = service(
                "app", targets("app", InstanceState.UP, "203.0.113.9"), "dns_name", "web.example.com", "dns_ttl", "60");
        make(up("web", "203.0.113.5"));
        RecordPlan.Planned planned = make(up("web", "203.0.113.5"), other);
        assertThat(planned.refused()).containsOnlyKeys("app");
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");

        make(other);
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.9");
        assertThat(zone.said("web.example.com", "A").service()).isEqualTo("app");
    }

    @Test
    void a_name_that_is_none_refuses_its_service_alone_and_a_time_to_live_counts_as_not_set_where_nothing_stands() {
        RecordPlan.Planned planned = plan(
                up("app", "203.0.113.9"),
                service("web", targets("web", InstanceState.UP, "203.0.113.5"), "dns_name", "web..example.com"),
                service(
                        "ttl",
                        targets("ttl", InstanceState.UP, "203.0.113.5"),
                        "dns_name",
                        "t.example.com",
                        "dns_ttl",
                        "-1"),
                service("far", targets("far", InstanceState.UP, "203.0.113.5"), "dns_name", "far.example.org"));
        assertThat(planned.refused()).containsOnlyKeys("far", "web");
        assertThat(planned.changes())
                .extracting(NameChange::name)
                .extracting(DnsName::text)
                .containsExactly("app.example.com", "t.example.com");
    }

    @Test
    void a_time_to_live_that_is_none_leaves_the_one_that_stands() throws Exception {
        make(up("web", "203.0.113.5"));
        make(NamedServices.with(up("web", "203.0.113.6"), "dns_ttl", "soon"));
        assertThat(zone.sets("web.example.com", "A"))
                .containsExactly(RecordSet.simple(WEB, "A", 60, List.of("203.0.113.6")));
    }

    @Test
    void the_apex_and_a_wildcard_are_names_like_others() throws Exception {
        make(
                service("apex", targets("apex", InstanceState.UP, "203.0.113.5"), "dns_name", "example.com"),
                service("any", targets("any", InstanceState.UP, "203.0.113.6"), "dns_name", "*.example.com"));
        assertThat(zone.values("example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.values("*.example.com", "A")).containsExactly("203.0.113.6");
        assertThat(zone.view()
                        .simple(new DnsName("*.example.com"), "A")
                        .orElseThrow()
                        .ttlSeconds())
                .isEqualTo(600);
        assertThat(plan().changes()).hasSize(2);
    }

    @Test
    void a_text_says_everything_that_it_was_told() {
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5", "2001:db8::1");
        targets.putAll(targets("web", InstanceState.DRAINING, "203.0.113.6"));
        targets.computeIfPresent(
                new Target("203.0.113.5", 18001), (at, as) -> new TargetState(as.instance(), InstanceState.DOWN, 0));
        Ownership ownership = new Ownership("route53-blue", 12, "0a1b", "web", Kind.WEIGHTED, true, targets);
        assertThat(Ownership.read(List.of(ownership.value()))).contains(ownership);
    }

    @Test
    void other_texts_say_nothing() {
        for (String text :
                List.of("\"v=spf1 -all\"", "", "\"muster=x epoch=1 nonce=a service=web\" \"web01=1.2.3.4\"")) {
            assertThat(Ownership.read(List.of(text))).isEmpty();
        }
    }

    @Test
    void a_fleet_too_large_for_its_text_is_listed_as_far_as_it_goes() throws Exception {
        String[] addresses = new String[300];
        for (int n = 0; n < addresses.length; n++) {
            addresses[n] = "203.0.%d.%d".formatted(n / 200, n % 200);
        }
        make(up("web", addresses));
        assertThat(zone.values("web.example.com", "A")).hasSize(300);
        assertThat(plan(up("web", addresses)).changes()).isEmpty();
    }
}
