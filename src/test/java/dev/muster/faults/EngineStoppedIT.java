package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.SimulatedHost;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine itself stands still (SIGSTOP): its containers serve on, nothing is removed, and a metric tells how old it is. */
@OnThisEngine
@Tag("fault-10")
class EngineStoppedIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private AgentBed bed;
    private SimulatedHost host;
    private DockerCli docker;

    @BeforeEach
    void start() {
        bed = new AgentBed();
        host = SimulatedHost.start();
        docker = new DockerCli(host::docker, SimulatedHost.IMAGE);
    }

    @AfterEach
    void stop() {
        host.close();
        bed.close();
    }

    private String web(String instance) {
        return docker.run(
                "--label=muster.enable=true",
                "--label=muster.service=" + bed.service,
                "--label=muster.instance=" + instance,
                "--label=muster.check=none", // it could be asked only from within that host
                "--publish=80");
    }

    private MusterProcess agent() {
        return bed.agent(
                TTL,
                "--docker=tcp://127.0.0.1:" + host.dockerPort(),
                "--docker-tls-dir=" + host.certificates(folder),
                "--resync=1s");
    }

    private static double staleness(MusterProcess agent) {
        return agent.metric("muster_source_staleness_seconds");
    }

    @Test
    void nothingIsRemovedWhileItStandsStillAlsoByAnotherAgentAndItIsCaughtUpWithAfterwards() {
        String ends = web("web01");
        web("web02");
        MusterProcess agent = agent().awaitReady();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        assertThat(staleness(agent)).isLessThan(5);
        bed.recorder.clear();

        host.exec("systemctl", "kill", "--kill-whom=main", "--signal=STOP", "docker");
        long stopped = System.nanoTime();
        await().atMost(Duration.ofSeconds(20)).until(() -> agent.status("/health/ready") == 503);
        AgentBed.awaitSince(stopped, TTL.multipliedBy(4));
        assertThat(bed.recorder.all(bed.tree())).as("removals, or any change").isEmpty();
        assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
        assertThat(staleness(agent)).isGreaterThan(10);

        agent.kill();
        MusterProcess successor = agent();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(4));
        assertThat(bed.recorder.all(bed.tree()))
                .as("by an agent that is started meanwhile")
                .isEmpty();
        assertThat(successor.status("/health/ready")).isEqualTo(503);

        host.exec("systemctl", "kill", "--kill-whom=main", "--signal=CONT", "docker");
        successor.awaitReady();
        await().until(() -> staleness(successor) < 5);
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        docker.engine("rm", "-f", ends);
        await().until(() -> bed.value(bed.key("web01", "owner")).isEmpty());
        assertThat(bed.value(bed.key("web02", "state"))).isEqualTo("up");
    }
}
