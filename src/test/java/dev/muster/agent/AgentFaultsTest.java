package dev.muster.agent;

import static dev.muster.agent.AgentRig.id;
import static dev.muster.agent.AgentRig.unchecked;
import static dev.muster.agent.AgentRig.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.SidecarConfig;
import dev.muster.health.Verdict;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.registry.FakeRegistrationStore.Call;
import dev.muster.registry.FakeRegistrationStore.Fault;
import dev.muster.registry.RegistryException;
import dev.muster.source.FakeContainerSource.Mode;
import dev.muster.source.SampleContainers;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of registrations when the registry, the lease or the agent itself fails, and when another owner is there. */
final class AgentFaultsTest {

    private static final String WEB01 = SampleContainers.idOf("web01");
    private static final String WEB02 = SampleContainers.idOf("web02");
    private static final String LATER = "2026-11-20T11:00:00Z";

    private final AgentRig rig = AgentRig.fresh();

    @BeforeEach
    void start() {
        rig.settle();
    }

    private Registration web01() {
        return Objects.requireNonNull(rig.registry.registrations().get(id("web01")), "web01 is not there");
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_SENT", "ANSWER_LOST"})
    void aPublicationThatFailsIsMadeOnceAllTheSame(Fault fault) {
        rig.store.failNext(Call.PUT, fault);
        long before = rig.registry.revision();
        rig.engine.put(unchecked("web01"));
        assertThat(rig.pass()).isFalse();
        rig.settle();
        assertThat(web01().state()).isEqualTo(InstanceState.UP);
        assertThat(rig.registry.revision()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_SENT", "ANSWER_LOST"})
    void aWithdrawalThatFailsIsMadeAllTheSame(Fault fault) {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.store.failNext(Call.REMOVE, fault);
        rig.engine.stop(WEB01);
        assertThat(rig.pass()).isFalse();
        rig.settle();
        assertThat(rig.registry.registrations()).isEmpty();
        assertThat(rig.registry.goodbye(id("web01"))).isPresent();
    }

    @Test
    void aReadingThatFailsWritesNothing() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        long before = rig.registry.revision();
        rig.store.failNext(Call.READ, Fault.NOT_SENT);
        rig.engine.loseEvents(true);
        rig.engine.stop(WEB01);
        rig.engine.resubscribe();
        assertThat(rig.pass()).isFalse();
        assertThat(rig.registry.revision()).isEqualTo(before);
        rig.settle();
        assertThat(rig.registry.registrations()).isEmpty();
    }

    @Test
    void aLostLeaseIsReplacedAndEverythingComesBackInTheStateItHad() {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.health.allAre(Verdict.FAILING);
        rig.settle();
        rig.health.allAre(Verdict.UNDECIDED);
        rig.registry.endLease("host1");
        assertThat(rig.registry.registrations()).isEmpty();
        rig.resync();
        assertThat(web01().state()).isEqualTo(InstanceState.DOWN);
        assertThat(web01().reason()).isEqualTo(Registration.REASON_CHECK);
    }

    @Test
    void whatEndsWhileItsKeysHaveExpiredIsSaidGoodbyeToLate() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.registry.endLease("host1");
        rig.engine.stop(WEB01);
        rig.settle();
        assertThat(rig.registry.goodbye(id("web01")))
                .hasValueSatisfying(goodbye -> assertThat(goodbye.reason()).isEqualTo(Goodbye.Reason.ENDED));
        int writes = rig.store.writes();
        rig.resync();
        assertThat(rig.store.writes()).as("said once").isEqualTo(writes);
    }

    @Test
    void wipedDataIsWrittenAnewInFull() {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        rig.registry.wipe();
        rig.resync();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"), id("web02"));
    }

    @Test
    void anAgentThatStoodStillLooksBeforeItWrites() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.store.standStill();
        rig.time.advance(AgentRig.TTL.multipliedBy(2));
        AgentRig other = rig.elsewhere("host2");
        other.engine.put(unchecked("web01"));
        other.settle();
        assertThat(web01().owner()).isEqualTo("host2");
        long before = rig.registry.revision();
        rig.store.goOn();
        rig.engine.restart(WEB01, LATER);
        rig.settle();
        assertThat(web01().owner()).as("the first keeps it").isEqualTo("host2");
        assertThat(rig.registry.revision()).as("only its own record").isLessThanOrEqualTo(before + 2);
        assertThat(rig.status.blocked()).containsOnlyKeys(id("web01"));
    }

    @Test
    void aLeaseThatEndsBetweenTwoWritesIsNoticedBeforeTheSecond() {
        rig.oncePublished = () -> rig.registry.endLease("host1");
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.pass();
        assertThat(rig.store.writes()).isEqualTo(1);
        rig.oncePublished = () -> {};
        rig.settle();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"), id("web02"));
    }

    @Test
    void whatIsNoLongerWhatWasSeenIsLookedAtAgainAtOnce() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.registry.rewrite(id("web01"));
        rig.engine.stop(WEB01);
        rig.settle();
        assertThat(rig.registry.registrations()).isEmpty();
        assertThat(rig.registry.goodbye(id("web01"))).isPresent();
    }

    @Test
    void theLoserOfAConflictWaitsWithoutWritingAndTakesOverWhenTheNameIsFree() {
        AgentRig other = rig.elsewhere("host2");
        other.engine.put(unchecked("web01"));
        other.settle();
        rig.engine.put(unchecked("web01"));
        rig.settle();
        assertThat(rig.status.blocked())
                .hasEntrySatisfying(id("web01"), why -> assertThat(why).contains("host2"));
        int asked = rig.store.writes();
        rig.engine.put(unchecked("web02"));
        rig.settle();
        assertThat(rig.store.writes())
                .as("the conflict is not asked about again")
                .isEqualTo(asked + 1);
        assertThat(web01().owner()).isEqualTo("host2");

        other.store.close();
        rig.time.advance(AgentRig.TTL);
        rig.settle();
        assertThat(rig.registry.registrations()).hasSize(2);
        rig.settle();
        assertThat(web01().owner()).isEqualTo("host1");
        assertThat(rig.status.blocked()).isEmpty();
    }

    @Test
    void whatTheRegistryDeniesIsReportedOnceAndTheRestGoesOn() {
        rig.store.deny(Set.of(id("web01")));
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web02"));
        assertThat(rig.status.blocked()).containsOnlyKeys(id("web01"));
        int asked = rig.store.writes();
        rig.settle();
        assertThat(rig.store.writes()).as("it is not asked for again").isEqualTo(asked);

        rig.store.deny(Set.of());
        rig.resync();
        assertThat(rig.registry.registrations()).hasSize(2);
        assertThat(rig.status.blocked()).isEmpty();
    }

    @Test
    void aRemovalThatIsDeniedKeepsNoOtherFromItsOwn() {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        rig.store.deny(Set.of(id("web01")));
        rig.engine.stop(WEB01);
        rig.engine.stop(WEB02);
        rig.settle();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"));

        rig.store.deny(Set.of());
        rig.resync();
        assertThat(rig.registry.registrations()).isEmpty();
    }

    @Test
    void whatIsNoLongerWantedIsNotReportedAsAConflict() {
        AgentRig other = rig.elsewhere("host2");
        other.engine.put(unchecked("web01"));
        other.settle();
        rig.engine.put(unchecked("web01"));
        rig.settle();
        assertThat(rig.status.blocked()).isNotEmpty();
        rig.engine.stop(WEB01);
        rig.settle();
        assertThat(rig.status.blocked()).isEmpty();
        assertThat(rig.registry.goodbye(id("web01"))).as("it was never ours").isEmpty();
        assertThat(web01().owner()).isEqualTo("host2");
    }

    @Test
    void aRunThatAnotherAgentTookAwayIsLeftAloneAndItsNextRunIsNot() throws RegistryException {
        AgentRig other =
                rig.sidecar("host1.web", new SidecarConfig(Optional.of("web01"), Optional.empty(), Optional.empty()));
        rig.engine.put(unchecked("web01"));
        other.settle();
        other.agent.leave();
        assertThat(rig.registry.goodbye(id("web01")))
                .hasValueSatisfying(goodbye -> assertThat(goodbye.reason()).isEqualTo(Goodbye.Reason.LEAVING));
        rig.settle();
        assertThat(rig.registry.registrations()).isEmpty();
        rig.engine.restart(WEB01, LATER);
        rig.settle();
        assertThat(web01().owner()).isEqualTo("host1");
    }

    @ParameterizedTest
    @EnumSource(names = {"UP", "DOWN"})
    void aSuccessorAdoptsEverythingAndWritesNothing(InstanceState state) {
        rig.engine.put(web("web01"));
        rig.settleHealthy();
        rig.health.allAre(state == InstanceState.UP ? Verdict.HEALTHY : Verdict.FAILING);
        rig.settle();
        assertThat(web01().state()).isEqualTo(state);
        long before = rig.registry.revision();
        AgentRig successor = rig.again("host1");
        rig.time.advance(AgentRig.TTL.dividedBy(2));
        successor.settle();
        assertThat(successor.store.writes()).isZero();
        assertThat(rig.registry.revision()).isEqualTo(before);
        successor.health.allAre(state == InstanceState.UP ? Verdict.FAILING : Verdict.HEALTHY);
        successor.settle();
        assertThat(web01().state()).as("until a check says otherwise").isNotEqualTo(state);
    }

    @Test
    void aSuccessorThatComesTooLateFindsNothing() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        long before = rig.registry.revision();
        AgentRig successor = rig.again("host1");
        rig.time.advance(AgentRig.TTL);
        successor.settle();
        assertThat(rig.registry.revision()).isGreaterThan(before);
        assertThat(successor.store.writes()).isEqualTo(1);
    }

    @Test
    void aSuccessorKeepsTheLeaseBeforeItWaitsForAnEngineThatHangs() throws Exception {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.engine.answer(Mode.HANGS);
        AgentRig successor = rig.again("host1");
        int before = rig.engine.lists();
        Thread pass = Thread.ofVirtual().start(successor::pass);
        await().until(() -> rig.engine.lists() > before);
        rig.time.advance(AgentRig.TTL);
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"));
        rig.engine.answer(Mode.WORKS);
        pass.join();
        successor.settle();
        assertThat(successor.store.writes()).isZero();
    }

    @Test
    void aSuccessorWhoseEngineDoesNotAnswerKeepsWhatItFinds() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.engine.answer(Mode.FAILS);
        AgentRig successor = rig.again("host1");
        successor.pass();
        rig.time.advance(AgentRig.TTL.multipliedBy(3));
        successor.pass();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"));
        assertThat(successor.status.notReady()).isPresent();
        rig.engine.stop(WEB01);
        rig.engine.answer(Mode.WORKS);
        successor.settle();
        assertThat(rig.registry.registrations()).isEmpty();
        assertThat(rig.registry.goodbye(id("web01"))).isPresent();
    }

    @Test
    void whatSomebodyChangedIsRepairedAtTheNextLookAtEverything() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.registry.damage(id("web01"));
        rig.resync();
        assertThat(rig.registry.registrations()).containsOnlyKeys(id("web01"));
    }

    @ParameterizedTest
    @EnumSource
    void anAgentThatLeavesWithdrawsEverythingAndSaysSo(Fault last) throws RegistryException {
        rig.engine.put(unchecked("web01"));
        rig.engine.put(unchecked("web02"));
        rig.settle();
        rig.store.failNext(Call.PUT, last);
        rig.engine.put(unchecked("web03"));
        rig.pass(); // whether web03 is there is not known, unless this went well
        rig.agent.leave();
        assertThat(rig.registry.registrations()).isEmpty();
        assertThat(rig.registry.goodbye(id("web02")))
                .hasValueSatisfying(goodbye -> assertThat(goodbye.reason()).isEqualTo(Goodbye.Reason.LEAVING));
    }

    @Test
    void anAgentThatCannotWithdrawSaysSo() {
        rig.engine.put(unchecked("web01"));
        rig.settle();
        rig.store.failNext(Call.REMOVE, Fault.NOT_SENT);
        assertThatThrownBy(rig.agent::leave).isInstanceOf(RegistryException.class);
    }
}
