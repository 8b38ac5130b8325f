package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine is restarted under the agent; whether its containers live on is for the engine's own setting to say. */
@Tag("fault-9")
final class EngineRestartedIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration BOUND = TTL.plusSeconds(5);

    private static AgentBed bed;
    private static MusterHost host;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        host = bed.host(TTL, Map.of());
    }

    @AfterEach
    void removeContainers() {
        host.docker.close();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** @return when it answered again */
    private static long restartEngine() {
        String before = enginePid();
        host.machine.exec("systemctl", "restart", "docker");
        host.machine.awaitDocker();
        assertThat(enginePid()).as("it is another process").isNotEqualTo(before);
        return System.nanoTime();
    }

    private static String enginePid() {
        return host.machine.exec("systemctl", "show", "--value", "--property=MainPID", "docker");
    }

    private static String startedAt(String instance) {
        return host.machine.docker("inspect", "--format={{.State.StartedAt}}", instance);
    }

    /** Each as often as the engine has it, at the port that it has now, as the run that it is now. */
    private static void awaitKeysEqualContainers() {
        await("keys equal docker ps").atMost(BOUND).untilAsserted(() -> {
            assertThat(bed.published()).isEqualTo(host.running());
            for (String instance : host.running()) {
                String port = host.machine
                        .docker("port", instance, "80/tcp")
                        .lines()
                        .findFirst()
                        .orElseThrow();
                assertThat(bed.value(bed.key(instance, "port"))).isEqualTo(port.substring(port.lastIndexOf(':') + 1));
                assertThat(bed.value(bed.key(instance, "started_at"))).isEqualTo(startedAt(instance));
            }
        });
    }

    @Test
    void withoutLiveRestoreWhatEndsLeavesAndWhatIsStartedAgainComesBack() {
        host.container("web01", "--restart=always");
        host.container("web02");
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
        String run = startedAt("web01");
        bed.recorder.clear();
        long answered = restartEngine();
        awaitKeysEqualContainers();
        AgentBed.measured("the engine answered, and keys equal docker ps", answered, System.nanoTime());
        assertThat(host.running()).containsExactly("web01");
        assertThat(startedAt("web01")).as("it is another run").isNotEqualTo(run);
        assertThat(bed.value(bed.tree() + "gone/web02")).contains("\"reason\":\"ended\"");

        bed.recorder.clear();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree()))
                .as("once equal, nothing is written")
                .isEmpty();
    }

    @Test
    void withLiveRestoreNothingChangesAndItIsFollowedAsBefore() {
        host.machine.exec("sh", "-c", "echo '{\"live-restore\": true}' >/etc/docker/daemon.json");
        host.machine.exec("systemctl", "kill", "--kill-whom=main", "--signal=HUP", "docker");
        await().until(() ->
                host.machine.docker("info", "--format={{.LiveRestoreEnabled}}").equals("true"));
        host.container("web03", "--label=muster.check=none");
        host.container("web04");
        bed.awaitPublished("web03");
        bed.awaitPublished("web04");
        String run = startedAt("web04");
        bed.recorder.clear();
        long answered = restartEngine();
        AgentBed.awaitSince(answered, BOUND);
        assertThat(startedAt("web04")).as("it has lived on").isEqualTo(run);
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        awaitKeysEqualContainers();

        host.docker.engine("rm", "-f", "web04");
        bed.awaitGone("web04", Duration.ofSeconds(5));
        assertThat(bed.published()).containsExactly("web03");
    }
}
