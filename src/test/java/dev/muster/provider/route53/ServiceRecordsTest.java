package dev.muster.provider.route53;

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
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** SRV records, and the names to which they lead. */
class ServiceRecordsTest {

    private static final String[] SRV = {"dns_type", "A,SRV"};
    private static final String PLACE = "_web._tcp.web.example.com";

    private final PlannedZone zone = new PlannedZone();

    private static ServiceTargets second(InstanceState state) {
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5", "203.0.113.6");
        targets.computeIfPresent(
                new Target("203.0.113.6", 18002), (at, as) -> new TargetState(as.instance(), state, as.weight()));
        return two("web", SRV).withTargets(targets);
    }

    @Test
    void each_instance_has_a_name_to_which_the_record_leads() throws Exception {
        zone.make(two("web", SRV));
        assertThat(zone.values(PLACE, "SRV"))
                .containsExactly("0 100 18001 web01.web.example.com.", "0 100 18002 web02.web.example.com.");
        assertThat(zone.values("web01.web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.values("web02.web.example.com", "A")).containsExactly("203.0.113.6");
        assertThat(zone.values("web.example.com", "A")).hasSize(2);
        assertThat(zone.said(PLACE, "SRV").service()).isEqualTo("web");
        assertThat(zone.plan(two("web", SRV)).changes()).isEmpty();

        zone.make(up("web", "203.0.113.5"));
        assertThat(zone.values(PLACE, "SRV")).isEmpty();
        assertThat(zone.sets("web01.web.example.com", "A")).isEmpty();
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
    }

    @Test
    void an_instance_of_both_families_is_one_place() throws Exception {
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5");
        targets.put(
                new Target("2001:db8::5", 18001),
                new TargetState(new InstanceId("web", "web01"), InstanceState.UP, 100));
        zone.make(two("web", "dns_type", "SRV").withTargets(targets));
        assertThat(zone.values(PLACE, "SRV")).containsExactly("0 100 18001 web01.web.example.com.");
        assertThat(zone.values("web01.web.example.com", "AAAA")).containsExactly("2001:db8::5");
        assertThat(zone.sets("web.example.com", "A")).isEmpty();
    }

    @Test
    void who_is_down_is_not_led_to_but_keeps_its_name() throws Exception {
        zone.make(second(InstanceState.UP));
        zone.make(second(InstanceState.DOWN));
        assertThat(zone.values(PLACE, "SRV")).containsExactly("0 100 18001 web01.web.example.com.");
        assertThat(zone.values("web02.web.example.com", "A")).containsExactly("203.0.113.6");
    }

    @Test
    void nobody_is_led_to_a_name_that_is_not_there() throws Exception {
        zone.make(with(up("web", "203.0.113.5"), SRV));
        List<NameChange> comes = zone.make(two("web", SRV)).changes();
        assertThat(comes)
                .filteredOn(NameChange::leadsOn)
                .extracting(NameChange::name)
                .containsExactly(new DnsName(PLACE));
        List<NameChange> goes = zone.plan(with(up("web", "203.0.113.5"), SRV)).changes();
        assertThat(goes).extracting(NameChange::name).last().isEqualTo(new DnsName("web02.web.example.com"));
        assertThat(goes.getLast().onlyRemoves()).isTrue();
    }

    @Test
    void a_service_gets_all_of_its_names_or_none() throws Exception {
        RecordSet foreign = RecordSet.simple(new DnsName("web02.web.example.com"), "A", 300, List.of("198.51.100.1"));
        zone.put(foreign);
        RecordPlan.Planned planned = zone.plan(two("web", SRV), up("app", "203.0.113.9"));
        assertThat(planned.refused()).containsOnlyKeys("web");
        assertThat(planned.changes()).extracting(NameChange::name).containsExactly(new DnsName("app.example.com"));
    }

    @Test
    void while_nobody_is_in_service_all_of_it_stays() throws Exception {
        zone.make(two("web", SRV));
        List<String> before = zone.values(PLACE, "SRV");
        ServiceTargets nobody = with(up("web"), SRV);
        zone.make(nobody);
        assertThat(zone.values(PLACE, "SRV")).isEqualTo(before);
        assertThat(zone.values("web01.web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.plan(nobody).changes()).isEmpty();
        zone.make(with(nobody, "dns_keep_last", "false"));
        assertThat(zone.view().sets().keySet())
                .extracting(RecordSet.Key::name)
                .containsOnly(new DnsName("example.com"));
    }

    @Test
    void its_name_may_be_set_and_must_be_where_the_service_makes_no_label() throws Exception {
        zone.make(two("web", "dns_type", "SRV", "dns_srv", "_http._tcp.example.com"));
        assertThat(zone.values("_http._tcp.example.com", "SRV")).hasSize(2);
        ServiceTargets odd = service(
                "my.app",
                targets("my.app", InstanceState.UP, "203.0.113.5"),
                "dns_name",
                "app.example.com",
                "dns_type",
                "SRV");
        assertThat(zone.plan(odd).refused().get("my.app"))
                .isEqualTo("dns_srv: the service's name 'my.app' makes no label; allowed is a name, such as"
                        + " _http._tcp.app.example.com");
        assertThat(zone.plan(two("web", "dns_name", "*.example.com", "dns_type", "SRV"))
                        .refused()
                        .get("web"))
                .isEqualTo("dns_name '*.example.com': allowed is a name without an asterisk, where dns_type has SRV");
    }

    private static ServiceTargets backup(ServiceTargets two) {
        SortedMap<Target, Details> details = new TreeMap<>(two.about().details());
        details.put(
                new Target("203.0.113.6", 18002),
                Details.ofAttributes(Map.of("muster.dns.srv_priority", "10", "muster.dns.srv_weight", "65535")));
        return two.withAbout(new About(two.about().settings(), details));
    }

    /** RFC 2782: the lowest priority is tried first. */
    @Test
    void an_instance_has_the_priority_and_weight_of_its_labels_and_what_is_set_goes_before_them() throws Exception {
        ServiceTargets web = backup(two("web", SRV));
        zone.make(web);
        assertThat(zone.values(PLACE, "SRV"))
                .containsExactly("0 100 18001 web01.web.example.com.", "10 65535 18002 web02.web.example.com.");
        zone.make(with(web, "dns_srv_priority", "5"));
        assertThat(zone.values(PLACE, "SRV"))
                .containsExactly("5 100 18001 web01.web.example.com.", "5 65535 18002 web02.web.example.com.");
        zone.make(with(web, "dns_srv_priority", "5", "dns_srv_weight", "0"));
        assertThat(zone.values(PLACE, "SRV"))
                .containsExactly("5 0 18001 web01.web.example.com.", "5 0 18002 web02.web.example.com.");
    }

    /** Of an expired registration that is held: else the last resort would become the first. */
    @Test
    void a_priority_of_which_nobody_knows_any_more_stays() throws Exception {
        ServiceTargets web = backup(two("web", SRV));
        zone.make(web);
        SortedMap<Target, Details> details = new TreeMap<>(web.about().details());
        details.remove(new Target("203.0.113.6", 18002));
        ServiceTargets held = web.withAbout(new About(web.about().settings(), details));
        assertThat(zone.plan(held).changes()).isEmpty();
        zone.make(two("web", SRV));
        assertThat(zone.values(PLACE, "SRV")).contains("0 100 18002 web02.web.example.com.");
    }

    @Test
    void two_instances_whose_names_would_be_one_are_refused() {
        SortedMap<Target, TargetState> targets = targets("web", InstanceState.UP, "203.0.113.5");
        targets.put(
                new Target("203.0.113.6", 80), new TargetState(new InstanceId("web", "WEB01"), InstanceState.UP, 100));
        assertThat(zone.plan(two("web", SRV).withTargets(targets)).refused().get("web"))
                .contains("web01 and WEB01 would have one name, web01.web.example.com");
    }
}
