package dev.muster.agent;

import static dev.muster.agent.AgentRig.id;
import static dev.muster.agent.AgentRig.unchecked;
import static dev.muster.agent.AgentRig.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.health.Verdict;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.source.FakeContainerSource.Mode;
import dev.muster.source.SampleContainers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an agent makes of its containers, while its registry works. */
final class AgentTest {

    private static final String WEB01 = SampleContainers.idOf("web01");

    private final AgentRig rig = AgentRig.fresh();

    @BeforeEach
    void start() {
        rig.settle();
    }

    private String startedAt(String instance) {
        Registration registration = rig.registry.registrations().get(id(instance));
        return registration == null ? "absent" : registration.instance().run().startedAt();
    }

    private String state(String instance) {
        Registration registration = rig.registry.registrations().get(id(instance));
        return registration == null ? "absent" : (registration.state().text() + " " + registration.reason()).strip();
    }

    @Test
    void whatServesIsPublishedAndNotBeforeItsCheckPasses() {
        rig.engine.put(web("web01"));
        rig.settle();
        assertThat(state("web01")).isEqualTo("absent");
        rig.health.allAre(Verdict.FAILING);
        rig.settle();
        assertThat(state("web01")).isEqualTo("absent");
        rig.health.allAre(Verdict.HEALTHY);
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
    }

    @Test
    void withoutACheckItIsPublishedAsSoonAsItRuns() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
    }

    @Test
    void whatStopsIsWithdrawnWithTheGoodbyeOfItsRunAndTheOthersStay() {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        rig.engine.stop(WEB01);
        rig.settle();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web02"));
        assertThat(rig.registry.goodbye(id("web01"))).hasValueSatisfying(goodbye -> {
            assertThat(goodbye.reason()).isEqualTo(Goodbye.Reason.ENDED);
            assertThat(goodbye.run().containerId()).isEqualTo(WEB01);
        });
        assertThat(rig.registry.goodbye(id("web02"))).isEmpty();
    }

    @Test
    void aBalancersLabelGivesAServiceItsRoutesForAsLongAsTheBalancerRuns() {
        rig.engine.put(SampleContainers.named("lb")
                .label("io.rancher.loadbalancer.target.web", "api.example.com:80/v1=8080")
                .build());
        rig.settle();
        assertThat(rig.registry.registrations())
                .as("it publishes no port of its own")
                .isEmpty();
        assertThat(rig.registry.routes("host1"))
                .containsExactly(Map.entry("web", List.of(new Route("api.example.com", "/v1", 80))));
        rig.engine.stop(SampleContainers.idOf("lb"));
        rig.settle();
        assertThat(rig.registry.routes("host1")).isEmpty();
    }

    @Test
    void aRestartIsAnotherRunThatHasToShowThatItServes() {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.engine.restart(WEB01, "2026-11-20T11:00:00Z");
        rig.settle();
        assertThat(state("web01")).isEqualTo("absent");
        assertThat(rig.registry.goodbye(id("web01")))
                .hasValueSatisfying(
                        goodbye -> assertThat(goodbye.run().startedAt()).isEqualTo(SampleContainers.STARTED_AT));
        rig.health.allAre(Verdict.HEALTHY);
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
        assertThat(rig.registry.goodbye(id("web01"))).isEmpty();
    }

    @Test
    void aRestartOfWhatHasNoCheckIsOneWriteInPlace() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        long before = rig.registry.revision();
        rig.engine.restart(WEB01, "2026-11-20T11:00:00Z");
        rig.settle();
        assertThat(rig.registry.revision()).isEqualTo(before + 1);
        assertThat(startedAt("web01")).isEqualTo("2026-11-20T11:00:00Z");
    }

    @Test
    void aPausedContainerIsDownUntilItGoesOnAndServes() {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.engine.pause(WEB01);
        rig.settle();
        assertThat(state("web01")).isEqualTo("down paused");
        rig.engine.unpause(WEB01);
        rig.settle();
        assertThat(state("web01")).as("not checked yet").isEqualTo("down paused");
        rig.health.allAre(Verdict.HEALTHY);
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
    }

    @Test
    void aCheckThatFailsTakesItDownAndOneThatPassesBringsItBack() {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.health.allAre(Verdict.FAILING);
        rig.settle();
        assertThat(state("web01")).isEqualTo("down check");
        rig.health.allAre(Verdict.HEALTHY);
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
        assertThat(rig.status.held()).isEqualTo(Map.of(InstanceState.UP, 1L));
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "ANSWERS_HALF"})
    void whatCannotBeReadKeepsWhatIsPublished(Mode mode) {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.engine.answer(mode);
        rig.engine.remove(WEB01); // the event comes through, the look at it does not
        for (int i = 0; i < 5; i++) {
            assertThat(rig.pass()).isFalse();
            rig.time.advance(AgentRig.RESYNC);
        }
        assertThat(state("web01")).isEqualTo("up");
        assertThat(rig.status.notReady()).isPresent();
        rig.engine.answer(Mode.WORKS);
        rig.settle();
        assertThat(state("web01")).isEqualTo("absent");
        assertThat(rig.status.notReady()).isEmpty();
    }

    /** A container whose inspection hangs for ever is no reason to leave the others undone. */
    @Test
    void aContainerThatIsNotAnsweredForKeepsNoOtherWaiting() {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        AgentRig successor = rig.again("host1");
        successor.engine.owe(WEB01);
        successor.engine.put(unchecked("web03"));
        successor.engine.remove(SampleContainers.idOf("web02"));
        for (int i = 0; i < 5; i++) {
            assertThat(successor.pass()).isFalse();
            successor.time.advance(AgentRig.RESYNC);
        }
        assertThat(successor.registry.registrations()).containsOnlyKeys(id("web01"), id("web03"));
        assertThat(successor.status.notReady()).hasValue("fake engine: no answer for some");

        successor.engine.pay(WEB01);
        successor.engine.remove(WEB01);
        successor.settle();
        assertThat(successor.registry.registrations()).containsOnlyKeys(id("web03"));
        assertThat(successor.status.notReady()).isEmpty();
    }

    @Test
    void aCheckThatFailsTakesItDownThoughTheEngineDoesNotAnswer() {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.engine.answer(Mode.FAILS);
        rig.health.allAre(Verdict.FAILING);
        rig.pass();
        rig.time.advance(AgentRig.RESYNC);
        rig.pass();
        assertThat(state("web01")).isEqualTo("down check");
    }

    @Test
    void anEventIsALookAtOneContainerAndEventsThatWereLostAreMadeUpForByALookAtAll() {
        int lists = rig.engine.lists();
        rig.engine.put(unchecked("web01"));
        rig.settle();
        assertThat(rig.engine.lists()).isEqualTo(lists);
        assertThat(rig.engine.finds()).isPositive();
        rig.engine.loseEvents(true);
        rig.engine.put(unchecked("web02"));
        rig.engine.remove(WEB01);
        rig.settle();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"));
        rig.resync();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web02"));
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(web("web02"));
        rig.settleHealthy();
        int writes = rig.store.writes();
        long revision = rig.registry.revision();
        for (int i = 0; i < 50; i++) {
            rig.engine.resubscribe();
            rig.resync();
        }
        assertThat(rig.store.writes()).isEqualTo(writes);
        assertThat(rig.registry.revision()).isEqualTo(revision);
        rig.engine.stop(WEB01);
        rig.settle();
        assertThat(rig.store.writes()).isEqualTo(writes + 1);
    }

    @Test
    void howLongAPublicationTookIsToldOncePerRunAndNotWhenItIsRepaired() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        assertThat(rig.propagation).hasSize(1);
        rig.registry.endLease("host1");
        rig.settle();
        rig.resync();
        assertThat(state("web01")).isEqualTo("up");
        assertThat(rig.propagation).hasSize(1);
        rig.engine.restart(WEB01, "2026-11-20T11:00:00Z");
        rig.settle();
        assertThat(rig.propagation).hasSize(2);
    }

    @Test
    void afterAWhileWithoutEventsItLooksAtEverything() {
        int lists = rig.engine.lists();
        rig.time.advance(AgentRig.RESYNC.minus(Duration.ofSeconds(1)));
        rig.settle();
        assertThat(rig.engine.lists()).isEqualTo(lists);
        rig.time.advance(Duration.ofSeconds(2));
        rig.settle();
        assertThat(rig.engine.lists()).isEqualTo(lists + 1);
    }

    @Test
    void whatCrashesTwiceIsPublishedOnlyOnceItHasLastedAndTheAgentLooksThenByItself() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        for (int second = 1; second <= 2; second++) {
            rig.engine.crash(WEB01, "2026-11-20T11:00:0" + second + "Z");
            rig.settle();
        }
        assertThat(rig.registry.registrations()).isEmpty();
        assertThat(rig.status.looping()).containsExactly(id("web01"));
        assertThat(rig.wait).isEqualTo(CrashLoops.PROBATION);
        rig.time.advance(CrashLoops.PROBATION);
        rig.settle();
        assertThat(state("web01")).isEqualTo("up");
        assertThat(rig.status.looping()).isEmpty();
    }

    @Test
    void whatIsRestartedByAPersonIsPublishedEachTime() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        for (int second = 1; second <= 4; second++) {
            rig.engine.restart(WEB01, "2026-11-20T11:00:0" + second + "Z");
            rig.settle();
            assertThat(state("web01")).isEqualTo("up");
        }
    }
}
