package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.plan.Refusal;
import dev.muster.plan.Spread;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.Publications.Publication;
import dev.muster.registry.Roster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhyCommandTest {

    private static final InstanceId WEB01 = new InstanceId("web", "web01");
    private static final Target AT = new Target("10.0.0.1", 8001);
    private static final Applied.Entry ENTRY = Sample.entry("web", "web01", 8001, InstanceState.UP);

    private final Called called = new Called();

    @BeforeEach
    void everybodyIsThere() {
        called.roles.watchers = List.of(new Progress.Watcher("lb1", "lb1", "0.1.0", List.of("haproxy"), Map.of()));
        called.roles.agents = List.of(new Roster.Agent("node1", "node1", "0.1.0", "reachable"));
        called.roles.publication = Optional.of(new Publication(17, Optional.of(Duration.ofSeconds(8))));
        shows(Sample.catalog(17, Sample.up("web", "web01", 8001)));
    }

    private void shows(Catalog catalog) {
        called.roles.catalog = Optional.of(catalog);
    }

    private void applied(long revision, Applied.Entry... entries) {
        called.roles.records = List.of(RecordedRoles.applied("web", revision, List.of(entries), List.of()));
    }

    private int why() {
        return called.muster("why", "web", "web01");
    }

    @Test
    void theJourneyOfAnInstanceInServiceHasTimes() {
        applied(17, ENTRY);
        assertThat(why()).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines())
                .containsExactly(
                        "web/web01 is in service",
                        "STEP            TIME                      AFTER    WHAT",
                        "started         2026-11-21T09:00:00.123Z           container c0ffee on node1, image shop/web:1.2",
                        "healthy                                            its check (tcp) passes",
                        "published       2026-11-21T09:00:00.241Z  +117 ms  at revision 17 as 10.0.0.1:8001, by node1, its lease has 8 s left",
                        "haproxy on lb1  2026-11-21T09:00:00.250Z  +126 ms  in service, 9.0 ms after its event arrived there");
    }

    @Test
    void programsGetTheSame() throws Exception {
        applied(17, ENTRY);
        assertThat(called.muster("why", "web/web01", "--json")).isEqualTo(ExitCode.DONE);
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json.get("outcome").asText()).isEqualTo("in_service");
        assertThat(json.get("steps")).hasSize(4);
        assertThat(json.get("steps").get(3).get("at").asText()).isEqualTo("2026-11-21T09:00:00.250Z");
        assertThat(json.get("steps").get(1).get("at").isNull()).isTrue();
        assertThat(json.get("advice")).isEmpty();
    }

    @Test
    void coloursAreForTerminalsOnly() {
        applied(17, ENTRY);
        why();
        assertThat(called.out()).doesNotContain("\u001b");
        called.onScreen(true).muster("why", "web/web01");
        assertThat(called.out()).contains("\u001b[32m");
    }

    @Test
    void aWatcherThatIsBehindIsToldAndWhatToDo() {
        applied(16);
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("web/web01 is registered and not in service yet")
                .contains("not yet: it is at revision 16 of 17")
                .contains("-> watcher 'lb1' is at work on it");
        called.roles.watchers = List.of(called.roles.watchers.getFirst().with(Map.of("haproxy", "no space left")));
        why();
        assertThat(called.out()).contains("-> watcher 'lb1' cannot bring its haproxy in step: no space left");
        called.roles.watchers = List.of();
        why();
        assertThat(called.out())
                .contains("not yet: it is at revision 16 of 17; that watcher is gone")
                .contains("-> start watcher 'lb1' again");
    }

    @Test
    void aServiceThatIsBehindIsToldWithWhatKeepsItsWatcherFromIt() {
        applied(16, ENTRY);
        called.roles.watchers = List.of(called.roles.watchers.getFirst().with(Map.of("haproxy", "no space left")));
        assertThat(called.muster("why", "web")).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("at revision 16 of 17, 1 of 1 in service")
                .contains("-> watcher 'lb1' cannot bring its haproxy in step: no space left");
    }

    @Test
    void withoutAnyWatcherThatIsWhatIsMissing() {
        called.roles.watchers = List.of();
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("-> no watcher is running, so nothing brings it to a load balancer");
    }

    @Test
    void aFailingCheckIsTold() {
        shows(Sample.catalog(17, Sample.registration("web", "web01", 8001, InstanceState.DOWN)));
        applied(17, Sample.entry("web", "web01", 8001, InstanceState.DOWN));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("web/web01 is registered and gets no traffic")
                .contains("down: its check (tcp) fails")
                .contains("-> see why its check fails: connect to 10.0.0.1:8001");
    }

    @Test
    void oneThatIsKeptAlthoughItIsDownSaysSo() {
        shows(Sample.catalog(17, Sample.registration("web", "web01", 8001, InstanceState.DOWN)));
        applied(17, ENTRY);
        assertThat(why()).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("in service, although it is down: too few would be left (fail open)");
    }

    @Test
    void aDrainSaysHowManyRequestsRun() {
        shows(Sample.catalog(17, Sample.registration("web", "web01", 8001, InstanceState.DRAINING)));
        Applied plain = RecordedRoles.applied(
                "web", 17, List.of(Sample.entry("web", "web01", 8001, InstanceState.DRAINING)), List.of());
        called.roles.records = List.of(RecordedRoles.leaving(
                plain,
                new Applied.Leaving(
                        List.of(new Applied.Draining(WEB01, AT, OptionalInt.of(3))),
                        Optional.empty(),
                        Optional.empty())));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("draining, 3 requests in flight");
    }

    @Test
    void whatItsServiceAsksForInVainIsTold() {
        called.roles.records = List.of(RecordedRoles.applied("web", 17, List.of(ENTRY), List.of())
                .withRefused(List.of(new Refusal("route a.example.com", "app has it"))));
        assertThat(why()).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("-> haproxy on lb1: route a.example.com of web is not in force: app has it");
    }

    @Test
    void whatTheGuardHoldsIsToldWithItsReason() {
        shows(Sample.catalog(17));
        Hold hold = new Hold(WEB01, AT, Instant.EPOCH, "its registration expired, but its check passes");
        called.roles.records = List.of(RecordedRoles.applied("web", 17, List.of(ENTRY), List.of(hold)));
        called.roles.publication = Optional.empty();
        assertThat(why()).isEqualTo(ExitCode.HELD);
        assertThat(called.out())
                .contains("web/web01 is not registered any more, and the guard holds it in service")
                .contains("held at 10.0.0.1:8001 for")
                .contains("its registration expired, but its check passes")
                .contains("-> if it is gone for good: muster release web");
    }

    @Test
    void oneThatSaidGoodbyeHasLeft() {
        shows(Sample.with(Sample.catalog(17), new Goodbye(WEB01, Goodbye.Reason.ENDED, "node1", Sample.RUN)));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("web/web01 has left").contains("said by node1: ended");
    }

    @Test
    void anEndpointThatAnotherInstanceHasIsTold() {
        applied(17, Sample.entry("web", "web02", 8001, InstanceState.UP));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("not there: web/web02 stands at 10.0.0.1:8001")
                .contains("-> web/web02 has the same address and port");
    }

    @Test
    void anOwnerThatIsGoneIsTold() {
        called.roles.agents = List.of();
        applied(17, ENTRY);
        assertThat(why()).isEqualTo(ExitCode.DONE);
        assertThat(called.out())
                .contains("no agent of that name is there")
                .contains("-> start the agent 'node1' again");
    }

    @Test
    void whatTheBalancersOwnCheckHasOutGetsNoRequests() {
        applied(17, ENTRY);
        called.roles.records = List.of(called.roles.records.getFirst().withFailing(new TreeSet<>(List.of(AT))));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("web/web01 is registered and gets no traffic")
                .contains("gets no requests, its check there fails\n")
                .contains("-> haproxy on lb1: its own check of 10.0.0.1:8001 fails, so it sends no requests there");
        assertThat(called.muster("why", "web")).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("0 of 1 in service");
    }

    @Test
    void whatIsSetAsideIsTold() {
        Catalog none = Sample.catalog(17);
        shows(new Catalog(
                17,
                none.registrations(),
                none.settings(),
                none.goodbyes(),
                none.changedAt(),
                new TreeMap<>(Map.of(
                        "/services/web/web01/port", "port 'x': allowed is 1 to 65535",
                        "/services/web/web010/port", "another's"))));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("web/web01 is not known")
                .contains("/services/web/web01/port: port 'x': allowed is 1 to 65535")
                .doesNotContain("another's");
    }

    private void named(Applied record, String... settings) {
        SortedMap<String, String> ofWeb = new TreeMap<>(Map.of("dns_name", "web.example.com"));
        for (int i = 0; i < settings.length; i += 2) {
            ofWeb.put(settings[i], settings[i + 1]);
        }
        Catalog shown = called.roles.catalog.orElseThrow();
        shows(new Catalog(
                shown.revision(),
                shown.registrations(),
                new TreeMap<>(Map.of("web", ofWeb)),
                shown.goodbyes(),
                shown.changedAt(),
                shown.rejected()));
        called.roles.watchers =
                List.of(new Progress.Watcher("lb2", "lb2", "0.1.0", List.of("route53"), Map.of(), List.of("dns")));
        called.roles.records = List.of(record);
    }

    private static Applied route53(Applied.Entry... entries) {
        return RecordedRoles.inDns(17, Instant.now().minusSeconds(12), List.of(entries));
    }

    private String whyWeb(int code) {
        assertThat(called.muster("why", "web")).isEqualTo(code);
        return called.out();
    }

    @Test
    void aServicesNameIsToldWithWhoLeadsAndHowLongItTook() {
        shows(Sample.catalog(17, Sample.upInDns("web01", 8001)));
        named(route53(Sample.entryInDns("web01", 8001))
                .withSpread(Optional.of(new Spread(Instant.EPOCH, Optional.of(Duration.ofSeconds(31))))));
        assertThat(whyWeb(ExitCode.DONE))
                .contains("web is in service")
                .contains("1 of 1 up, at revision 17")
                .contains("route53 by group dns, led by lb2")
                .contains("1 of 1 in service; on every name server 31 s after it was accepted (INSYNC)");
        assertThat(why()).isEqualTo(ExitCode.DONE);
        assertThat(called.out())
                .contains("in service, 9.0 ms after its event arrived there; on every name server 31 s");
    }

    @Test
    void anInstanceWithoutAPublicAddressHasNoPlaceInDnsAndThatIsSaid() {
        named(route53());
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out())
                .contains("route53 by group dns, led by lb2")
                .contains("not there: it has no public address")
                .contains("-> give it a public address: muster agent --public-address, or the label muster.address")
                .doesNotContain("does not bind it");
    }

    @Test
    void whatKeepsTheLeaderOfAGroupFromItsWorkIsSaidOfTheInstanceToo() {
        shows(Sample.catalog(18, Sample.upInDns("web01", 8001)));
        named(route53());
        called.roles.watchers = List.of(called.roles.watchers.getFirst().with(Map.of("route53", "AccessDenied")));
        assertThat(why()).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("-> watcher 'lb2' cannot bring its route53 in step: AccessDenied");
    }

    @Test
    void whatIsNotOnEveryNameServerYetIsWaitedFor() {
        named(route53(ENTRY).withSpread(Optional.of(new Spread(Instant.now().minusSeconds(12), Optional.empty()))));
        assertThat(whyWeb(ExitCode.FAILED))
                .contains("web is registered and not in service yet")
                .containsPattern("accepted 1[0-9]s ago, and not on every name server yet \\(not INSYNC\\)");
    }

    @Test
    void aConflictSaysHowTheNameIsHandedOver() {
        named(route53(ENTRY)
                .withRefused(List.of(new Refusal(
                        "setting dns_name", "web.example.com A (198.51.100.1) stands there already: it is ..."))));
        assertThat(whyWeb(ExitCode.FAILED))
                .contains(
                        "-> route53 by group dns, led by lb2: setting dns_name of web is not in force: web.example.com A")
                .contains("-> to hand the name over: muster adopt dns web.example.com");
    }

    @Test
    void aRecordThatKeepsItsLastAddressesSaysSo() {
        shows(Sample.catalog(17, Sample.registration("web", "web01", 8001, InstanceState.DOWN)));
        Applied last = route53(Sample.entry("web", "web01", 8001, InstanceState.DOWN));
        named(last);
        assertThat(whyWeb(ExitCode.FAILED))
                .contains("web is registered and gets no traffic")
                .contains("no instance is in service, so its record stays as it was last (dns_keep_last)");
        named(last, "dns_keep_last", "false");
        assertThat(called.muster("why", "web")).isEqualTo(ExitCode.FAILED);
        assertThat(called.out().split("stays as it was last", -1)).hasSize(2);
    }

    @Test
    void aNameWhoseLastInstanceHasLeftIsKnownAndSaidToStay() {
        shows(Sample.catalog(17));
        called.roles.records = List.of();
        named(route53());
        called.roles.records = List.of();
        assertThat(whyWeb(ExitCode.FAILED))
                .contains("web has left")
                .contains("web.example.com: what stands there stays as it was last (dns_keep_last)");
        named(route53(), "dns_keep_last", "false");
        called.roles.records = List.of();
        assertThat(whyWeb(ExitCode.FAILED))
                .contains("web.example.com: goes with the last instance (dns_keep_last=false)");
    }

    @Test
    void aGroupThatNobodyLeadsIsNamed() {
        called.roles.leaders = List.of();
        named(route53(ENTRY));
        assertThat(whyWeb(ExitCode.DONE))
                .contains("route53 by group dns, led by nobody")
                .contains("-> nobody leads the group dns, so nothing is changed there");
    }

    @Test
    void aServiceThatNobodyKnowsIsNotKnown() {
        assertThat(called.muster("why", "nosuch", "--json")).isEqualTo(ExitCode.FAILED);
        assertThat(called.out()).contains("\"outcome\" : \"unknown\"").doesNotContain("\"instance\"");
    }

    @Test
    void whatIsNoNameIsAMistake() {
        assertThat(called.muster("why", "no name")).isEqualTo(ExitCode.USAGE);
        assertThat(called.muster("why", "web/no name")).isEqualTo(ExitCode.USAGE);
        assertThat(called.err()).contains("service 'no name'").contains("instance 'no name': allowed are");
    }
}
