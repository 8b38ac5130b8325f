package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.plan.ServiceTargets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverTest {

    private static final Zone ZONE = new Zone("Z1", new DnsName("example.com"), false);
    private static final DnsName WEB = new DnsName("web.example.com");
    private static final RecordSet THEIRS = RecordSet.simple(WEB, "A", 300, List.of("198.51.100.1", "198.51.100.2"));
    private static final String HERITAGE =
            "\"heritage=external-dns,external-dns/owner=default,external-dns/resource=service/shop/web\"";

    private static Takeover takeover(List<RecordSet> sets, ServiceTargets... services) {
        return Takeover.of(WEB, all(services), Reading.own(List.of(ZoneView.of(ZONE, sets))), "route53", () -> "n0");
    }

    private static void refused(String why, List<RecordSet> sets, ServiceTargets... services) {
        assertThatThrownBy(() -> takeover(sets, services))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void allThatStandsThereGoesAndTheServicesOwnComesInOneBatch() {
        RecordSet six = RecordSet.simple(WEB, "AAAA", 300, List.of("2001:db8::1"));
        Takeover takeover = takeover(List.of(THEIRS, six), up("web", "203.0.113.5"));
        assertThat(takeover.owner()).isEqualTo("not Muster's, and nothing beside it says whose it is");
        assertThat(takeover.changes().toString())
                .containsSubsequence(
                        "CREATE",
                        "_muster-route53.example.com",
                        "DELETE",
                        "198.51.100.1, 198.51.100.2",
                        "DELETE",
                        "2001:db8::1",
                        "CREATE",
                        "203.0.113.5",
                        "CREATE",
                        "_muster-a.web.example.com");
        assertThat(takeover.goes()).containsExactly(THEIRS, six);
        assertThat(takeover.comes()).hasSize(2);
    }

    @Test
    void whatIsTakenOverIsTheGroupsFromThenOnAndLeavesNothingToDo() {
        ZoneView before = ZoneView.of(ZONE, List.of(THEIRS));
        Takeover takeover = takeover(List.of(THEIRS), up("web", "203.0.113.5"));
        ZoneView after = before.after(takeover.changes());
        RecordPlan.Planned left = RecordPlan.of(
                Reading.own(List.of(after)), AllChecks.NONE, all(up("web", "203.0.113.5")), "route53", 7, () -> "n1");
        assertThat(left.changes()).isEmpty();
        assertThat(left.refused()).isEmpty();
    }

    @Test
    void textsOfExternalDnsGoAndWhatStandsBesideThemStays() {
        RecordSet atName = RecordSet.simple(WEB, "TXT", 300, List.of(HERITAGE, "\"v=spf1 -all\""));
        RecordSet typed = RecordSet.simple(new DnsName("a-web.example.com"), "TXT", 300, List.of(HERITAGE));
        RecordSet other = RecordSet.simple(new DnsName("a-app.example.com"), "TXT", 300, List.of(HERITAGE));
        Takeover takeover = takeover(List.of(THEIRS, atName, typed, other), up("web", "203.0.113.5"));
        assertThat(takeover.owner()).isEqualTo("external-dns's (owner default, for service/shop/web)");
        assertThat(takeover.goes()).containsExactly(THEIRS, atName, typed);
        assertThat(takeover.comes())
                .contains(RecordSet.simple(WEB, "TXT", 300, List.of("\"v=spf1 -all\"")))
                .noneMatch(set -> set.values().contains(HERITAGE));
    }

    private static RecordSet weighted(String identifier, int weight, String address) {
        return new RecordSet(WEB, "A", identifier, 60, List.of(address), Routing.weighted(weight));
    }

    private static final RecordSet ALIAS = new RecordSet(
            WEB, "A", "", 0, List.of(), Routing.alias(new Routing.Alias(new DnsName("lb.example.net"), "Z2", true)));

    @Test
    void anAliasAndItsTextOfExternalDnsAreTakenOver() {
        RecordSet text = RecordSet.simple(new DnsName("cname-web.example.com"), "TXT", 300, List.of(HERITAGE));
        Takeover takeover = takeover(List.of(ALIAS, text), up("web", "203.0.113.5"));
        assertThat(takeover.owner()).isEqualTo("external-dns's (owner default, for service/shop/web)");
        assertThat(takeover.goes()).containsExactly(ALIAS, text);
        assertThat(takeover.comes()).hasSize(2);
    }

    @Test
    void everyWeightedSetIsTakenOverWithItsTextsAndWhatIsNotTheirsStaysInThem() {
        RecordSet blue = weighted("blue", 10, "198.51.100.1").checkedBy("0f1e");
        RecordSet green = weighted("green", 0, "198.51.100.2");
        RecordSet text = new RecordSet(WEB, "TXT", "blue", 300, List.of(HERITAGE, "\"mine\""), Routing.weighted(10));
        ServiceTargets web = with(up("web", "203.0.113.5", "203.0.113.6"), "dns_routing", "weighted");
        Takeover takeover = takeover(List.of(blue, green, text), web);
        assertThat(takeover.goes()).containsExactly(blue, green, text);
        assertThat(takeover.comes())
                .contains(text.withValues(List.of("\"mine\"")))
                .filteredOn(set -> set.type().equals("A"))
                .extracting(RecordSet::identifier)
                .containsExactly("muster:route53:web01", "muster:route53:web02");
        ZoneView after = ZoneView.of(ZONE, List.of(blue, green, text)).after(takeover.changes());
        assertThat(RecordPlan.of(Reading.own(List.of(after)), AllChecks.NONE, all(web), "route53", 7, () -> "n1")
                        .changes())
                .isEmpty();
    }

    @Test
    void whatOthersHavePutBesideOursIsTakenOverToo() {
        ServiceTargets web = with(up("web", "203.0.113.5"), "dns_routing", "weighted");
        ZoneView ours = ZoneView.of(ZONE, List.of())
                .after(takeover(List.of(THEIRS), web).changes().stream()
                        .filter(change -> change.action() == RecordChange.Action.CREATE)
                        .toList());
        refused("is the group route53's already", List.copyOf(ours.sets().values()), web);
        RecordSet other = weighted("other", 1, "198.51.100.1");
        List<RecordSet> both = new ArrayList<>(ours.sets().values());
        both.add(other);
        Takeover takeover = takeover(both, web);
        assertThat(takeover.goes()).contains(other);
        assertThat(takeover.comes()).doesNotContain(other);
    }

    @Test
    void anotherGroupsRecordIsTakenWithItsText() {
        RecordSet text = new Ownership(
                        "route53-other",
                        9,
                        "n9",
                        "shop",
                        Kind.SIMPLE,
                        false,
                        targets("shop", InstanceState.UP, "198.51.100.1"))
                .record(WEB, "A");
        Takeover takeover = takeover(List.of(THEIRS, text), up("web", "203.0.113.5"));
        assertThat(takeover.owner()).isEqualTo("the Muster group route53-other's, for the service shop");
        assertThat(takeover.goes()).containsExactly(THEIRS, text);
    }

    @Test
    void whatNobodyCouldWantIsRefusedWithAWord() {
        ServiceTargets web = up("web", "203.0.113.5");
        refused(
                "no service asks for web.example.com: muster set SERVICE dns_name",
                List.of(THEIRS),
                up("app", "203.0.113.5"));
        refused(
                "several services ask for web.example.com (shop, web)",
                List.of(THEIRS),
                web,
                named("shop", "web.example.com", "203.0.113.6"));
        refused("nothing stands at web.example.com: a watcher gives it to web", List.of(), web);
        refused(
                "A is chosen by more than is known here",
                List.of(new RecordSet(
                        WEB,
                        "A",
                        "eu",
                        60,
                        List.of("198.51.100.1"),
                        Routing.other("routed by more than its name: eu"))),
                web);
        refused(
                "no instance of web with a public address is in service",
                List.of(THEIRS),
                service("web", targets("web", InstanceState.DOWN, "203.0.113.5"), "dns_name", "web.example.com"));
        RecordSet text = new Ownership(
                        "route53", 9, "n9", "web", Kind.SIMPLE, false, targets("web", InstanceState.UP, "203.0.113.5"))
                .record(WEB, "A");
        refused("is the group route53's already", List.of(THEIRS, text), web);
    }
}
