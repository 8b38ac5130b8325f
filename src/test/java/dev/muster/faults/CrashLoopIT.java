package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exits again and again is no longer published with each run, and what its check finds now so, now so, stays. */
@OnThisEngine
@Tag("fault-12")
class CrashLoopIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration PROBATION = Duration.ofSeconds(30);
    private static final Duration LOOKED_AT = Duration.ofSeconds(20);

    /** Listens for two seconds, and for two it does not. */
    private static final String FLAPS = """
            import socket, time
            while True:
                server = socket.create_server(("", 80))
                time.sleep(2)
                server.close()
                time.sleep(2)
            """;

    private static AgentBed bed;
    private static MusterProcess agent;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        agent = bed.agent(TTL).awaitReady();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** @param script instead of the image's server */
    private static String container(String instance, String script, String... options) {
        return bed.container(List.of("sh", "-c", script), instance, options);
    }

    private static List<Change> changes(String instance) {
        return bed.recorder.all(bed.key(instance, "owner"));
    }

    private static Change await(String instance, boolean deleted, Duration atMost) {
        return bed.recorder.await(
                atMost,
                instance + (deleted ? " goes" : " comes"),
                change -> change.deleted() == deleted && change.key().equals(bed.key(instance, "owner")));
    }

    /** With {@code muster.check=none}, by which each run would be published at once. */
    @Test
    void afterTwoExitsARunIsPublishedOnlyOnceItHasLasted() throws IOException {
        Path stays = folder.resolve("stays");
        String id = container(
                "loops",
                "test -e /flag/stays && exec sleep 600; sleep 1; exit 1",
                "--restart=always",
                "--volume=" + folder + ":/flag:ro",
                "--label=muster.check=none");
        Awaitility.await("it has exited five times")
                .atMost(LOOKED_AT.plusSeconds(20))
                .until(() -> Integer.parseInt(DockerCli.docker("inspect", "-f", "{{.RestartCount}}", id)) >= 5);
        List<Change> two =
                changes("loops"); // where the second run began soon, it took the first one's place in one step
        assertThat(two).hasSizeBetween(3, 4).last().extracting(Change::deleted).isEqualTo(true);
        assertThat(agent.page("/metrics")).contains("muster_registrations_damped 1");

        bed.recorder.clear();
        Files.createFile(stays);
        Change back = await("loops", false, Duration.ofSeconds(90));
        long begun = Instant.parse(bed.value(bed.key("loops", "started_at"))).toEpochMilli();
        Duration after = Duration.ofMillis(System.currentTimeMillis() - begun)
                .minus(AgentBed.between(back.nanos(), System.nanoTime()));
        assertThat(after).isBetween(PROBATION.minusMillis(500), PROBATION.plusSeconds(5));
        assertThat(changes("loops")).hasSize(1);
        assertThat(agent.log().lines().filter(line -> line.contains("/loops ended twice within 60 s")))
                .as("said once")
                .hasSize(1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> agent.page("/metrics").contains("muster_registrations_damped 0"));
    }

    @Test
    void whatAPersonRestartsIsPublishedAtOnceEachTime() {
        String id = bed.container("restarted", "--label=muster.check=none");
        for (int run = 1; run <= 4; run++) {
            Change came = await("restarted", false, Duration.ofSeconds(10));
            assertThat(came.revision()).isPositive();
            bed.recorder.clear();
            DockerCli.docker("restart", "--time=1", id);
        }
        await("restarted", false, Duration.ofSeconds(10));
    }

    @Test
    void aCheckThatFlapsChangesNothingUnlessItIsToldToBelieveEachAnswer() {
        container("flaps", "exec python3 -c '" + FLAPS + "'");
        bed.awaitPublished("flaps");
        MusterProcess hasty =
                bed.agent(TTL, "--agent-id=hasty", "--prefix=/hasty", "--check-fall=1", "--check-interval=500ms");
        hasty.awaitReady();
        String state = "/hasty/" + bed.service + "/flaps/state";
        Awaitility.await("it flaps")
                .atMost(LOOKED_AT)
                .until(() -> !bed.value(state).isEmpty());
        bed.recorder.clear();
        long begun = System.nanoTime();
        AgentBed.awaitSince(begun, LOOKED_AT);
        assertThat(bed.recorder.all(bed.key("flaps", ""))).isEmpty();
        assertThat(bed.recorder.all(state)).as("it does flap").hasSizeGreaterThan(4);
        hasty.close();
    }
}
