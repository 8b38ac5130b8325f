package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.health.Verdict;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.registry.FakeRegistrationStore.Call;
import dev.muster.registry.FakeRegistrationStore.Fault;
import dev.muster.source.Container;
import dev.muster.source.FakeContainerSource.Mode;
import dev.muster.source.SampleContainers;
import dev.muster.testkit.Histories;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** The life of one agent, by a seed: what befalls it and in which order, and what must be there once it is over. */
final class AgentSchedule implements Histories.History {

    private static final int STEPS = 16;
    private static final String HOST = "host1";
    private static final String STRANGER = "host2";
    private static final List<String> NAMES = List.of("web01", "web02", "web03");
    private static final List<Mode> MODES = List.of(Mode.WORKS, Mode.FAILS, Mode.ANSWERS_HALF);
    private static final List<Verdict> VERDICTS = List.of(Verdict.values());
    private static final List<Call> CALLS = List.of(Call.values());

    private final RandomGenerator random;
    private final Mutation mutation;
    private final List<String> happened = new ArrayList<>();
    private final Set<InstanceId> changedByHand = new HashSet<>();
    private AgentRig rig = AgentRig.fresh();
    private Optional<AgentRig> stranger = Optional.empty();
    private boolean succeeded;
    private int starts;

    AgentSchedule(long seed, Mutation mutation) {
        this.random = new SplittableRandom(seed);
        this.mutation = mutation;
        goOnWith(rig);
    }

    /** @throws AssertionError when something does not hold, on its way or in the end */
    @Override
    public void run() {
        for (int step = 0; step < STEPS; step++) {
            befall();
            if (random.nextInt(3) == 0) {
                rig.pass();
            }
        }
        heal();
        Set<InstanceId> untouched = running();
        untouched.removeAll(changedByHand);
        assertThat(serving()).as("before a resync").containsAll(untouched);
        assertThat(running()).as("before a resync").containsAll(withoutChanged(serving()));
        rig.resync();
        assertThat(serving()).isEqualTo(running());
        long converged = rig.registry.revision();
        rig.resync();
        assertThat(rig.registry.revision()).as("written once converged").isEqualTo(converged);
    }

    /** What befell it so far. */
    @Override
    public String toString() {
        return String.join(", ", happened);
    }

    private void befall() {
        String name = oneOf(NAMES);
        boolean there = present().contains(name);
        switch (random.nextInt(26)) {
            case 0, 1, 2, 3 -> start(name);
            case 4 -> onlyIf(there, "stop " + name, () -> rig.engine.stop(idOf(name)));
            case 5 -> onlyIf(there, "remove " + name, () -> rig.engine.remove(idOf(name)));
            case 6 -> onlyIf(there, "restart " + name, () -> rig.engine.restart(idOf(name), nextStart()));
            case 7 -> onlyIf(there, "crash " + name, () -> rig.engine.crash(idOf(name), nextStart()));
            case 8 -> onlyIf(there, "pause " + name, () -> rig.engine.pause(idOf(name)));
            case 9 -> onlyIf(there, "unpause " + name, () -> rig.engine.unpause(idOf(name)));
            case 10, 11 -> engineAnswers(oneOf(MODES));
            case 12 -> happens("cut the stream of events", () -> rig.engine.loseEvents(true));
            case 13 -> happens("the stream of events is back", rig.engine::resubscribe);
            case 14 -> engineRestarts();
            case 15 -> failNext();
            case 16 -> happens("lose the lease", () -> rig.registry.endLease(HOST));
            case 17 -> standStill();
            case 18, 19 -> verdict(oneOf(VERDICTS));
            case 20 -> agentRestarts();
            case 21 -> successor();
            case 22 ->
                onlyIf(registered(name), "damage " + name, () -> {
                    changedByHand.add(AgentRig.id(name));
                    rig.registry.damage(AgentRig.id(name));
                });
            case 23 -> happens("the engine owes the answer for " + name, () -> rig.engine.owe(idOf(name)));
            case 24 -> happens("it answers for " + name, () -> rig.engine.pay(idOf(name)));
            default -> strangers(name);
        }
    }

    private void start(String name) {
        happens("start " + name, () -> rig.engine.put(AgentRig.container(name, random.nextBoolean(), nextStart())));
    }

    private void engineAnswers(Mode mode) {
        happens("engine " + mode, () -> rig.engine.answer(mode));
    }

    /** Its events end first. Some containers come back, as other runs; with live-restore they all go on as they are. */
    private void engineRestarts() {
        boolean live = random.nextBoolean();
        say(live ? "the engine restarts, its containers live on" : "the engine restarts");
        rig.engine.loseEvents(true);
        for (String name : live ? List.<String>of() : present()) {
            if (random.nextBoolean()) {
                rig.engine.crash(idOf(name), nextStart());
            } else {
                rig.engine.stop(idOf(name));
            }
        }
    }

    private void failNext() {
        Call call = oneOf(CALLS);
        Fault fault = random.nextBoolean() ? Fault.ANSWER_LOST : Fault.NOT_SENT;
        happens("next " + call + ": " + fault, () -> rig.store.failNext(call, fault));
    }

    private void standStill() {
        Duration still = Duration.ofSeconds(random.nextInt(20));
        say("stand still for " + still.toSeconds() + " s");
        rig.store.standStill();
        rig.time.advance(still);
        rig.store.goOn();
    }

    private void verdict(Verdict verdict) {
        happens("all are " + verdict, () -> rig.health.allAre(verdict));
    }

    private void agentRestarts() {
        boolean withdraws = random.nextInt(4) == 0 && rig.leave();
        say(withdraws ? "the agent withdraws and is started again" : "restart the agent");
        rig.engine.loseEvents(false);
        AgentRig next = rig.again(HOST);
        rig.time.advance(Duration.ofSeconds(random.nextInt(15)));
        goOnWith(next);
    }

    /** Somebody starts a second process of this name while the first stands still. The machine's lock refuses it. */
    private void successor() {
        AgentRig first = rig;
        first.store.standStill();
        rig.time.advance(Duration.ofSeconds(random.nextInt(8)));
        if (mutation == Mutation.ADOPTS_WITHOUT_THE_LOCK) {
            say("a successor while the agent stands still; then that one goes on, and is told to withdraw");
            goOnWith(first.beside(HOST));
            rig.pass();
            succeeded = true;
            first.store.goOn();
            first.leave();
            succeeded = false;
        } else {
            say("a successor, refused while the agent stands still");
            first.store.goOn();
        }
        onlyIf(rig.registry.registrations().size() > 0 && rig.store.current(), "a namesake on another machine", () -> {
            AgentRig namesake = first.namesake();
            mutation.apply(namesake);
            namesake.pass();
            namesake.store.close();
        });
    }

    /** Somebody deletes an entry by hand, or another owner takes the name that it finds free, or leaves it. */
    private void strangers(String name) {
        AgentRig other = stranger.orElseGet(() -> rig.elsewhere(STRANGER));
        stranger = Optional.of(other);
        InstanceId id = AgentRig.id(name);
        Optional<Registration> there =
                Optional.ofNullable(rig.registry.registrations().get(id));
        if (there.isEmpty()) {
            happens("another owner publishes " + name, () -> other.engine.put(AgentRig.unchecked(name)));
        } else if (there.get().owner().equals(STRANGER)) {
            happens("the other owner withdraws " + name, () -> other.engine.remove(idOf(name)));
        } else {
            happens("by hand, " + name + " is deleted, and published by another owner", () -> {
                changedByHand.add(id);
                rig.registry.delete(id);
                other.engine.put(AgentRig.unchecked(name));
            });
        }
        other.pass();
    }

    /** Everything works again, and no resync has come yet. */
    private void heal() {
        say("heal");
        rig.store.faults(call -> Fault.NONE);
        rig.engine.answer(Mode.WORKS);
        NAMES.forEach(name -> rig.engine.pay(idOf(name)));
        stranger.ifPresent(other -> {
            for (Container container : other.engine.running()) {
                other.engine.remove(container.run().containerId());
            }
            other.settle();
        });
        rig.engine.resubscribe();
        for (String name : present()) {
            rig.engine.unpause(idOf(name));
        }
        rig.settle();
        rig.health.allAre(Verdict.HEALTHY);
        rig.settle();
        rig.time.advance(CrashLoops.PROBATION);
        rig.settle();
    }

    private void goOnWith(AgentRig next) {
        rig = next;
        mutation.apply(rig);
        rig.registry.seenBy(new AgentInvariants(HOST, rig.engine, rig.health, () -> succeeded));
    }

    private <T> T oneOf(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    private String nextStart() {
        String nanos = Integer.toString(1_000_000_000 + ++starts).substring(1);
        return "2026-11-20T10:00:0" + starts / 10 % 10 + "." + nanos + "Z";
    }

    private void onlyIf(boolean possible, String what, Runnable action) {
        if (possible) {
            happens(what, action);
        }
    }

    private void happens(String what, Runnable action) {
        say(what);
        action.run();
    }

    private void say(String what) {
        happened.add(what);
    }

    private static String idOf(String name) {
        return SampleContainers.idOf(name);
    }

    private boolean registered(String name) {
        Registration there = rig.registry.registrations().get(AgentRig.id(name));
        return there != null && there.owner().equals(HOST);
    }

    /** Names of the containers that run or are paused. */
    private Set<String> present() {
        Set<String> names = new TreeSet<>();
        rig.engine.running().forEach(container -> names.add(container.name()));
        return names;
    }

    private Set<InstanceId> running() {
        Set<InstanceId> ids = new TreeSet<>();
        present().forEach(name -> ids.add(AgentRig.id(name)));
        return ids;
    }

    private Set<InstanceId> serving() {
        Set<InstanceId> ids = new TreeSet<>();
        rig.registry.registrations().values().stream()
                .filter(each -> each.state() == InstanceState.UP && each.owner().equals(HOST))
                .forEach(each -> ids.add(each.id()));
        return ids;
    }

    private Set<InstanceId> withoutChanged(Set<InstanceId> ids) {
        ids.removeAll(changedByHand);
        return ids;
    }
}
