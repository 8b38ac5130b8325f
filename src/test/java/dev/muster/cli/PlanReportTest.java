package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.Effect;
import dev.muster.plan.Hold;
import dev.muster.plan.Refusal;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanReportTest {

    private static final Progress.Watcher LB1 =
            new Progress.Watcher("lb1", "lb1", "0.1.0", List.of("haproxy"), Map.of());
    private static final Instant NOW = Instant.EPOCH.plusSeconds(90);
    private static final Catalog TWO =
            Sample.catalog(17, Sample.up("web", "web01", 8001), Sample.up("web", "web02", 8002));
    private static final Applied.Entry WEB01 = Sample.entry("web", "web01", 8001, InstanceState.UP);
    private static final Applied.Entry WEB02 = Sample.entry("web", "web02", 8002, InstanceState.UP);
    private static final Hold HOLD =
            new Hold(new InstanceId("web", "web02"), new Target("10.0.0.1", 8002), Instant.EPOCH, "it still answers");

    private final Called called = new Called();

    @Test
    void whatIsAppliedAtTheCatalogsRevisionIsInStep() {
        PlanReport report = report(TWO, applied(17, List.of(WEB01, WEB02)));

        assertThat(report.inStep()).isTrue();
        assertThat(report.targets().getFirst().status()).isEqualTo("in step");
    }

    @Test
    void anInstanceThatIsNotThereYetIsAnAddition() {
        assertThat(lines(report(TWO, applied(16, List.of(WEB01))))).containsExactly("+ web02 10.0.0.1:8002, up");
    }

    @Test
    void aRecordOfAnOlderRevisionIsBehind() {
        PlanReport report = report(TWO, applied(16, List.of(WEB01, WEB02)));

        assertThat(report.inStep()).isFalse();
        assertThat(report.targets().getFirst().status()).isEqualTo("behind revision 17");
    }

    @Test
    void whatKeepsAProviderFromBeingBroughtInStepIsSaid() {
        called.roles.watchers = List.of(LB1.with(Map.of("haproxy", "no space left")));
        called.roles.catalog = Optional.of(TWO);
        called.roles.records = List.of(applied(16, List.of(WEB01)));
        assertThat(called.muster("plan")).isEqualTo(ExitCode.CHANGES);
        assertThat(called.out()).contains("haproxy of watcher lb1 cannot be brought in step: no space left");
        called.muster("plan", "--json");
        assertThat(called.out()).contains("\"haproxy of watcher lb1\" : \"no space left\"");
    }

    @Test
    void anInstanceThatIsGoneIsARemovalThatSaysWhetherItWasMeant() {
        Catalog one = Sample.catalog(18, Sample.up("web", "web01", 8001));
        Goodbye goodbye = new Goodbye(new InstanceId("web", "web02"), Goodbye.Reason.ENDED, "node1", Sample.RUN);

        assertThat(lines(report(one, applied(18, List.of(WEB01, WEB02)))))
                .containsExactly("- web02 10.0.0.1:8002, no longer registered");
        assertThat(lines(report(Sample.with(one, goodbye), applied(18, List.of(WEB01, WEB02)))))
                .containsExactly("- web02 10.0.0.1:8002, said goodbye, ended");
    }

    @Test
    void whatTheGuardHoldsIsAHoldAndNoRemoval() {
        Catalog one = Sample.catalog(18, Sample.up("web", "web01", 8001));
        PlanReport report = report(one, RecordedRoles.applied("web", 18, List.of(WEB01, WEB02), List.of(HOLD)));

        assertThat(lines(report)).containsExactly("= web02 10.0.0.1:8002, held for 90s: it still answers");
        assertThat(report.inStep()).isFalse();
        assertThat(report.targets().getFirst().status()).isEqualTo("1 held");
    }

    @Test
    void anotherStateIsAnUpdateUnlessTheGuardKeepsItInService() {
        Catalog down = Sample.catalog(
                17, Sample.up("web", "web01", 8001), Sample.registration("web", "web02", 8002, InstanceState.DOWN));
        Applied believed = applied(17, List.of(WEB01, WEB02));
        Applied failOpen = new Applied(
                "web",
                "haproxy",
                "lb1",
                17,
                Instant.EPOCH,
                believed.targets(),
                List.of(),
                true,
                believed.sizes(),
                believed.leaving(),
                0);

        assertThat(lines(report(down, believed))).containsExactly("~ web02 10.0.0.1:8002, up -> down (check)");
        assertThat(lines(report(down, failOpen))).isEmpty();
        assertThat(report(down, failOpen).targets().getFirst().status()).isEqualTo("fail open");
        Applied failing = believed.withFailing(new TreeSet<>(List.of(WEB02.target())));
        assertThat(report(TWO, failing).targets().getFirst().status()).isEqualTo("1 failing its check");
        assertThat(report(TWO, failing).inStep()).as("nothing is to be changed").isTrue();
    }

    @Test
    void aServiceThatNoWatcherHasRecordedIsUnservedWhereAWatcherIsThere() {
        PlanReport with = PlanReport.of(TWO, List.of(), List.of(LB1), Optional.empty(), NOW);
        PlanReport without = PlanReport.of(TWO, List.of(), List.of(), Optional.empty(), NOW);

        assertThat(with.unserved()).containsExactly("web");
        assertThat(with.inStep()).isFalse();
        assertThat(without.inStep()).isTrue();
    }

    @Test
    void anotherWeightIsAChange() {
        Applied.Entry light = new Applied.Entry(
                WEB02.instance(), WEB02.target(), WEB02.run(), WEB02.check(), WEB02.state(), 7, "node1", Sample.SINCE);

        assertThat(lines(report(TWO, applied(17, List.of(WEB01, light)))))
                .containsExactly("~ web02 10.0.0.1:8002, weight 7 -> 100");
    }

    @Test
    void aNameInDnsHasPublicAddressesAndWeightsOfItsOwn() {
        Catalog both = Sample.catalog(17, Sample.upInDns("web01", 8001), Sample.up("web", "inside", 8002));
        PlanReport report = report(both, inDns(Sample.entryInDns("web01", 8001)));

        assertThat(lines(report)).isEmpty();
        assertThat(report.inStep()).isTrue();
        assertThat(lines(report(both, inDns()))).containsExactly("+ web01 203.0.113.1:8001, up");
        assertThat(lines(report(both, inDns(Sample.entry("web", "web01", 8001, InstanceState.UP)))))
                .containsExactly("+ web01 203.0.113.1:8001, up", "- web01 10.0.0.1:8001, no longer registered");
        assertThat(lines(report(
                        both, applied(17, List.of(WEB01, Sample.entry("web", "inside", 8002, InstanceState.UP))))))
                .as("at a balancer")
                .isEmpty();
    }

    private static Applied inDns(Applied.Entry... entries) {
        return RecordedRoles.inDns(17, Instant.EPOCH, List.of(entries));
    }

    @Test
    void whatDrainsIsCountedWithItsRequests() {
        Catalog drains = Sample.catalog(
                17, Sample.up("web", "web01", 8001), Sample.registration("web", "web02", 8002, InstanceState.DRAINING));
        Applied plain = applied(17, List.of(WEB01, Sample.entry("web", "web02", 8002, InstanceState.DRAINING)));
        Applied record = RecordedRoles.leaving(
                plain,
                new Applied.Leaving(
                        List.of(new Applied.Draining(WEB02.instance(), WEB02.target(), OptionalInt.of(3))),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(report(drains, record).targets().getFirst().status()).isEqualTo("1 draining (3 in flight)");
        assertThat(report(drains, record).inStep()).isTrue();
    }

    @Test
    void whatIsRefusedIsNotInStep() {
        Applied record = applied(17, List.of(WEB01, WEB02))
                .withRefused(List.of(
                        new Refusal("setting server_tls", "no CA file"),
                        new Refusal("route a.example.com", "app has it")));

        assertThat(report(TWO, record).targets().getFirst().status()).isEqualTo("2 refused");
        assertThat(report(TWO, record).inStep()).isFalse();
        assertThat(lines(report(TWO, record)))
                .containsExactly(
                        "! setting server_tls, not in force: no CA file",
                        "! route a.example.com, not in force: app has it");
    }

    @Test
    void aRecordWhoseWatcherIsGoneSaysSo() {
        PlanReport report =
                PlanReport.of(TWO, List.of(applied(17, List.of(WEB01, WEB02))), List.of(), Optional.empty(), NOW);

        assertThat(report.targets().getFirst().status()).isEqualTo("its watcher is gone");
    }

    @Test
    void theExitCodeIsTenWhenThereAreChangesAndZeroWhenThereAreNone() throws Exception {
        called.roles.catalog = Optional.of(TWO);
        called.roles.watchers = List.of(LB1);
        called.roles.records = List.of(applied(17, List.of(WEB01, WEB02)));
        assertThat(called.muster("plan")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("in step");

        called.roles.records = List.of(applied(16, List.of(WEB01)));
        assertThat(called.muster("plan", "web")).isEqualTo(ExitCode.CHANGES);
        assertThat(called.out()).contains("+ web/haproxy by lb1: web02 10.0.0.1:8002, up");
    }

    @Test
    void programsGetTheSame() throws Exception {
        called.roles.catalog = Optional.of(TWO);
        called.roles.watchers = List.of(LB1);
        called.roles.records = List.of(RecordedRoles.applied("web", 17, List.of(WEB01), List.of(HOLD)));

        assertThat(called.muster("plan", "--json")).isEqualTo(ExitCode.CHANGES);
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json.get("in_step").asBoolean()).isFalse();
        JsonNode target = json.get("targets").get(0);
        assertThat(target.get("held").get(0).get("why").asText()).isEqualTo("it still answers");
        assertThat(target.get("changes").findValuesAsText("kind")).containsExactly("add", "hold");
    }

    @Test
    void aLookAtTheTargetsThemselvesSaysWhatAWatcherWouldDo() throws Exception {
        Foreseen route53 = new Foreseen(
                "route53",
                List.of(
                        new Effect(Effect.Kind.ADD, "web", "web.example.com A 60 203.0.113.5"),
                        new Effect(Effect.Kind.REMOVE, "old", "old.example.com A 60 203.0.113.9")),
                List.of(HOLD),
                List.of());
        called.roles.rehearsal = new Rehearsal(List.of(route53), Optional.empty());
        assertThat(called.muster("plan", "--live", "--host=node1", "--provider=route53"))
                .isEqualTo(ExitCode.CHANGES);
        assertThat(called.out().lines())
                .containsExactly(
                        "+ web/route53: web.example.com A 60 203.0.113.5",
                        "- old/route53: old.example.com A 60 203.0.113.9",
                        "= web/web02/route53: 10.0.0.1:8002, it still answers");
        assertThat(called.muster("plan", "old", "--live", "--json", "--host=node1"))
                .isEqualTo(ExitCode.CHANGES);
        assertThat(called.out()).contains("\"kind\" : \"remove\"");

        called.roles.rehearsal = new Rehearsal(List.of(), Optional.of("etcd is slow"));
        assertThat(called.muster("plan", "--live", "--host=node1")).isEqualTo(ExitCode.WAITED);
        assertThat(called.err()).contains("not looked at to the end: etcd is slow");
    }

    @Test
    void theLastLineOfASingleRunSaysWhyItDoesNotEndWithZero() {
        Effect change = new Effect(Effect.Kind.ADD, "web", "web.example.com A 60 203.0.113.5");
        assertThat(rehearsal(List.of(), List.of()).ending()).isEqualTo("all is in step");
        assertThat(rehearsal(List.of(change), List.of(HOLD)).ending()).isEqualTo("all is said: something would change");
        assertThat(rehearsal(List.of(), List.of(HOLD)).ending()).isEqualTo("in step, but for what the guard holds: 1");
        assertThat(new Rehearsal(
                                List.of(new Foreseen("route53", List.of(), List.of(), List.of("a name", "another"))),
                                Optional.empty())
                        .ending())
                .isEqualTo("in step, but for what is refused: 2");
    }

    private static Rehearsal rehearsal(List<Effect> effects, List<Hold> held) {
        return new Rehearsal(List.of(new Foreseen("route53", effects, held, List.of())), Optional.empty());
    }

    private static Applied applied(long revision, List<Applied.Entry> entries) {
        return RecordedRoles.applied("web", revision, entries, List.of());
    }

    private static PlanReport report(Catalog catalog, Applied record) {
        return PlanReport.of(catalog, List.of(record), List.of(LB1), Optional.empty(), NOW);
    }

    private static List<String> lines(PlanReport report) {
        return report.targets().getFirst().differences().stream()
                .map(difference ->
                        "%s %s, %s".formatted(difference.kind().sign(), difference.subject(), difference.why()))
                .toList();
    }
}
