package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.plan.ServiceTargets;
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
        RecordPlan.Planned left =
                RecordPlan.of(Reading.own(List.of(after)), all(up("web", "203.0.113.5")), "route53", 7, () -> "n1");
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
                "A is no plain record (alias to lb.example.net)",
                List.of(new RecordSet(
                        WEB,
                        "A",
                        "",
                        0,
                        List.of(),
                        Routing.alias(new Routing.Alias(new DnsName("lb.example.net"), "Z2", false)))),
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
