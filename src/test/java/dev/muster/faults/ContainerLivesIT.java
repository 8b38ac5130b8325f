package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One instance over several lives, all within the hour for which a goodbye is remembered: stopped and started, exited and
 * started by its policy, deaf to its stop signal, removed and run anew in the middle of its removal.
 */
@OnThisEngine
@Tag("fault-14")
class ContainerLivesIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        agent = bed.agent(TTL).awaitReady();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void forget() {
        bed.recorder.clear();
    }

    private static Change await(String instance, boolean deleted) {
        return bed.recorder.await(
                SOON,
                instance + (deleted ? " goes" : " comes"),
                change -> change.deleted() == deleted && change.key().equals(bed.key(instance, "owner")));
    }

    private static String gone(String instance) {
        return bed.tree() + "gone/" + instance;
    }

    /** The changes of a key in one revision. */
    private static List<Change> at(long revision, String key) {
        return bed.recorder.all(key).stream()
                .filter(change -> change.revision() == revision && change.key().equals(key))
                .toList();
    }

    private static String startedAt(String id) {
        return DockerCli.docker("inspect", "-f", "{{.State.StartedAt}}", id);
    }

    @Test
    void stoppedItLeavesWithItsGoodbyeAndStartedItTakesItBack() {
        String id = bed.container("stopped");
        Change came = await("stopped", false);
        String first = startedAt(id);
        DockerCli.docker("stop", id);
        Change went = await("stopped", true);
        assertThat(at(went.revision(), gone("stopped")))
                .as("in the same revision")
                .singleElement()
                .satisfies(change -> assertThat(change.value()).contains(id, first, "\"reason\":\"ended\""));

        bed.recorder.clear();
        DockerCli.docker("start", id);
        Change back = await("stopped", false);
        assertThat(back.revision()).isGreaterThan(came.revision());
        assertThat(at(back.revision(), gone("stopped")))
                .singleElement()
                .satisfies(change -> assertThat(change.deleted()).isTrue());
        assertThat(bed.value(bed.key("stopped", "started_at")))
                .isEqualTo(startedAt(id))
                .isNotEqualTo(first);
        assertThat(bed.value(gone("stopped"))).isEmpty();
    }

    @Test
    void whatExitsAndIsStartedByItsPolicyIsPublishedAsItsNextRun() {
        String id = bed.container("policy", "--restart=always");
        await("policy", false);
        String first = startedAt(id);
        bed.recorder.clear();
        DockerCli.docker("exec", id, "sh", "-c", "kill -TERM 1");
        bed.recorder.await(
                SOON,
                "its next run is published",
                change -> change.key().equals(bed.key("policy", "started_at"))
                        && !change.deleted()
                        && !change.value().equals(first));
        assertThat(bed.value(bed.key("policy", "state"))).isEqualTo("up");
        assertThat(bed.value(bed.key("policy", "started_at"))).isEqualTo(startedAt(id));
        assertThat(bed.value(gone("policy"))).isEmpty();
    }

    @Test
    void whatIsDeafToItsStopSignalStaysUpUntilItIsGone() {
        String id = bed.container(
                List.of("sh", "-c", "trap '' TERM; while true; do sleep 1; done"), "deaf", "--label=muster.check=none");
        await("deaf", false);
        bed.recorder.clear();
        long told = System.nanoTime();
        CompletableFuture<String> stop = CompletableFuture.supplyAsync(() -> DockerCli.docker("stop", "--time=5", id));
        AgentBed.awaitSince(told, Duration.ofSeconds(4));
        assertThat(DockerCli.docker("inspect", "-f", "{{.State.Running}}", id)).isEqualTo("true");
        assertThat(bed.recorder.all(bed.key("deaf", ""))).as("until it is gone").isEmpty();
        assertThat(bed.value(bed.key("deaf", "state"))).isEqualTo("up");
        stop.join();
        Change went = await("deaf", true);
        assertThat(at(went.revision(), gone("deaf"))).hasSize(1);

        bed.recorder.clear();
        DockerCli.docker("start", id);
        Change back = await("deaf", false);
        assertThat(at(back.revision(), gone("deaf")))
                .singleElement()
                .satisfies(change -> assertThat(change.deleted()).isTrue());
    }

    @Test
    void removedAndRunAnewInTheMiddleOfItsRemovalTheNewOneIsServed() {
        String name = DockerCli.name("again");
        String last = bed.container("again", "--name=" + name, "--label=muster.check=none");
        await("again", false);
        for (int times = 0; times < 3; times++) {
            boolean still = times == 2;
            if (still) {
                agent.pause(); // it learns of both at once
            }
            DockerCli.docker("rm", "-f", name);
            last = bed.container("again", "--name=" + name, "--label=muster.check=none");
            if (still) {
                agent.unpause();
            }
        }
        String newest = last;
        bed.recorder.await(
                SOON,
                "the last one is published",
                change -> change.key().equals(bed.key("again", "container_id"))
                        && change.value().equals(newest));
        long seen = System.nanoTime();
        AgentBed.awaitSince(seen, Duration.ofSeconds(1));
        assertThat(bed.value(bed.key("again", "container_id"))).isEqualTo(newest);
        assertThat(bed.value(bed.key("again", "state"))).isEqualTo("up");
        assertThat(bed.value(gone("again"))).isEmpty();
    }

    @Test
    void aGoodbyeThatOutlivesTheNextRegistrationTouchesNothingAndEndsWithTheNextRun() {
        String id = bed.container("outlived", "--label=muster.check=none");
        await("outlived", false);
        String goodbye = "{\"reason\":\"leaving\",\"owner\":\"host1\",\"container_id\":\"%s\",\"started_at\":\"%s\"}"
                .formatted(id, startedAt(id));
        bed.etcd.put(gone("outlived"), goodbye);
        bed.recorder.clear();
        long said = System.nanoTime();
        AgentBed.awaitSince(said, TTL);
        assertThat(bed.recorder.all(bed.tree())).as("it stays").isEmpty();
        DockerCli.docker("restart", "--time=1", id);
        Change back = await("outlived", false);
        assertThat(back.revision()).isPositive();
        assertThat(bed.value(gone("outlived"))).isEmpty();
    }

    @Test
    void whatWasRestartedWhileItsKeysExpiredIsServedAndNoLateGoodbyeIsSaid() {
        String id = bed.container("late", "--label=muster.check=none");
        await("late", false);
        bed.recorder.clear();
        agent.pause();
        await("late", true);
        DockerCli.docker("restart", "--time=1", id);
        agent.unpause();
        await("late", false);
        assertThat(bed.value(bed.key("late", "started_at"))).isEqualTo(startedAt(id));
        long back = System.nanoTime();
        AgentBed.awaitSince(back, Duration.ofSeconds(1));
        assertThat(bed.recorder.all(gone("late"))).isEmpty();
        assertThat(bed.value(bed.key("late", "state"))).isEqualTo("up");
    }
}
