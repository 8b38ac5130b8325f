package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine or an etcd that is not there is waited for, unless that is not wanted. */
@OnThisEngine
class AbsentAtStartIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    private static AgentBed bed;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
    }

    @AfterEach
    void endAgents() {
        bed.endAgents();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void nothingIsLeft() {
        await().atMost(TTL.plusSeconds(10))
                .until(() -> bed.value(bed.key("web01", "owner")).isEmpty());
    }

    private MusterProcess without(String... options) {
        MusterProcess agent = bed.agent(TTL, options);
        await().atMost(Duration.ofSeconds(10)).until(() -> agent.status("/health/ready") == 503);
        assertThat(agent.status("/health/live")).isEqualTo(200);
        AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(3)); // several tries
        assertThat(agent.status("/health/ready")).isEqualTo(503);
        return agent;
    }

    @Test
    void anEngineThatComesLaterIsWaitedForAndOneThatGoesAwayTakesNothingWithIt() throws Exception {
        MusterProcess agent = without("--docker=unix://" + folder.resolve("engine.sock"));
        assertThat(agent.log().split("containers cannot be read", -1))
                .as("said once")
                .hasSize(2);
        assertThat(bed.value(bed.key("web01", "owner"))).isEmpty();
        String ends;
        try (EngineProxy engine = new EngineProxy(folder)) {
            agent.awaitReady();
            bed.awaitPublished("web01");
            ends = bed.container("web02", "--label=muster.check=none");
            bed.awaitPublished("web02");
            bed.recorder.clear();
            engine.refuse(true);
            await().atMost(Duration.ofSeconds(10)).until(() -> agent.status("/health/ready") == 503);
            DockerCli.docker("rm", "-f", ends);
            AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
            assertThat(bed.recorder.all(bed.tree())).isEmpty();
            assertThat(bed.value("/muster/agents/host1")).contains("\"engine\":\"unreachable\"");
            engine.refuse(false);
            agent.awaitReady();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> bed.value(bed.key("web02", "owner")).isEmpty());
            assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
        }
    }

    @Test
    void anEtcdThatComesLaterIsWaitedFor() {
        bed.etcd.kill();
        try {
            without();
        } finally {
            bed.etcd.startAgain();
            bed.recorder.resume();
        }
        bed.awaitPublished("web01");
    }

    @Test
    void whoDoesNotWantToWaitIsToldWhatIsMissing() {
        MusterProcess agent = bed.agent(TTL, "--fail-fast", "--docker=unix://" + folder.resolve("nothing.sock"));
        assertThat(agent.awaitExit()).isEqualTo(1);
        assertThat(agent.log()).contains("nothing.sock");
        bed.etcd.pause();
        MusterProcess other = bed.agent(TTL, "--fail-fast", "--etcd-timeout=500ms");
        try {
            assertThat(other.awaitExit()).isEqualTo(1);
            assertThat(other.log()).contains("etcd did not answer within 500 ms");
        } finally {
            bed.etcd.unpause();
        }
        MusterProcess fine = bed.agent(TTL, "--fail-fast").awaitReady();
        assertThat(fine.terminate()).isZero();
    }
}
