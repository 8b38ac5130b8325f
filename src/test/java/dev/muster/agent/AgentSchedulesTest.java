package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.muster.health.Verdict;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.registry.FakeRegistrationStore.Call;
import dev.muster.registry.FakeRegistrationStore.Fault;
import dev.muster.source.Container;
import dev.muster.source.FakeContainerSource.Mode;
import dev.muster.source.SampleContainers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens in whatever order, once it is over the keys equal the containers. {@code -Dmuster.seed=N} runs one
 * schedule and prints it; {@code -Dmuster.schedules=N} runs more of them.
 */
final class AgentSchedulesTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.muster.agent");
    private static final int SCHEDULES = Integer.getInteger("muster.schedules", 2_000);
    private static final int STEPS = 40;
    private static final List<String> NAMES = List.of("web01", "web02", "web03", "web04");

    /** Two thousand lives are a lot to read; one is not. */
    @BeforeAll
    static void quiet() {
        if (Long.getLong("muster.seed") == null) {
            LOG.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @Test
    void inTheEndTheKeysEqualTheContainers() {
        Long one = Long.getLong("muster.seed");
        for (long seed = one == null ? 1 : one; seed <= (one == null ? SCHEDULES : one); seed++) {
            Schedule schedule = new Schedule(seed);
            try {
                schedule.run();
            } catch (AssertionError | RuntimeException e) {
                fail("seed %d (-Dmuster.seed=%d): %s".formatted(seed, seed, schedule.happened), e);
            }
        }
    }

    /** One agent's life. */
    private static final class Schedule {
        private final RandomGenerator random;
        private final List<String> happened = new ArrayList<>();
        private AgentRig rig = AgentRig.fresh();
        private int starts;

        Schedule(long seed) {
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                befall();
                if (random.nextInt(3) == 0) {
                    rig.pass();
                }
            }
            heal();
            rig.resync();
            rig.health.allAre(Verdict.HEALTHY);
            rig.resync();
            assertThat(serving()).isEqualTo(running());
            long converged = rig.registry.revision();
            rig.resync();
            assertThat(rig.registry.revision()).as("written once converged").isEqualTo(converged);
        }

        private void befall() {
            String name = oneOf(NAMES);
            String id = SampleContainers.idOf(name);
            boolean there = present().contains(name);
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> {
                    say("start " + name);
                    rig.engine.put(started(name));
                }
                case 3 -> onlyIf(there, "stop " + name, () -> rig.engine.stop(id));
                case 4 -> onlyIf(there, "remove " + name, () -> rig.engine.remove(id));
                case 5 -> onlyIf(there, "restart " + name, () -> rig.engine.restart(id, nextStart()));
                case 6 -> onlyIf(there, "pause " + name, () -> rig.engine.pause(id));
                case 7 -> onlyIf(there, "unpause " + name, () -> rig.engine.unpause(id));
                case 8 -> {
                    Mode mode = oneOf(List.of(Mode.WORKS, Mode.FAILS, Mode.ANSWERS_HALF));
                    say("engine " + mode);
                    rig.engine.answer(mode);
                }
                case 9 -> {
                    boolean lose = random.nextBoolean();
                    say((lose ? "lose" : "keep") + " events");
                    rig.engine.loseEvents(lose);
                }
                case 10 -> failNext();
                case 11 -> {
                    say("lose the lease");
                    rig.registry.endLease("host1");
                }
                case 12 -> {
                    Duration still = Duration.ofSeconds(random.nextInt(20));
                    say("stand still for " + still.toSeconds() + " s");
                    rig.store.standStill();
                    rig.time.advance(still);
                    rig.store.goOn();
                }
                case 13 -> {
                    Verdict verdict = oneOf(List.of(Verdict.values()));
                    say("all are " + verdict);
                    rig.health.allAre(verdict);
                }
                case 14 -> {
                    say("restart the agent");
                    rig.engine.loseEvents(false);
                    rig = rig.again("host1");
                    rig.time.advance(Duration.ofSeconds(random.nextInt(15)));
                }
                default -> onlyIf(registered(name), "damage " + name, () -> rig.registry.damage(AgentRig.id(name)));
            }
        }

        private void failNext() {
            Call call = oneOf(List.of(Call.values()));
            Fault fault = random.nextBoolean() ? Fault.ANSWER_LOST : Fault.NOT_SENT;
            say("next " + call + ": " + fault);
            rig.store.failNext(call, fault);
        }

        private void heal() {
            say("heal");
            rig.store.faults(call -> Fault.NONE);
            rig.engine.answer(Mode.WORKS);
            rig.engine.loseEvents(false);
            for (String name : present()) {
                rig.engine.unpause(SampleContainers.idOf(name));
            }
        }

        private Container started(String name) {
            return AgentRig.container(name, random.nextBoolean(), nextStart());
        }

        private <T> T oneOf(List<T> choice) {
            return choice.get(random.nextInt(choice.size()));
        }

        private String nextStart() {
            return "2026-11-20T10:00:%02d.%09dZ".formatted(starts / 10 % 60, ++starts);
        }

        private void onlyIf(boolean possible, String what, Runnable action) {
            if (possible) {
                say(what);
                action.run();
            }
        }

        private void say(String what) {
            happened.add(what);
        }

        private boolean registered(String name) {
            return rig.registry.registrations().containsKey(AgentRig.id(name));
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
                    .filter(each ->
                            each.state() == InstanceState.UP && each.owner().equals("host1"))
                    .forEach(each -> ids.add(each.id()));
            return ids;
        }
    }
}
