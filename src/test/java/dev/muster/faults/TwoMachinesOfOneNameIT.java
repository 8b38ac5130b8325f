package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second machine waits for at most T + 5 s, touches nothing meanwhile, and says what is wrong. */
@OnThisEngine
@Tag("fault-14")
class TwoMachinesOfOneNameIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration PATIENCE = TTL.plusSeconds(5);

    private static AgentBed bed;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        Files.writeString(folder.resolve("machine-id"), "0123456789abcdef0123456789abcdef\n");
    }

    @AfterEach
    void endAgents() {
        bed.endAgents();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** By a mount namespace of its own it has another machine id; and another machine has its own locks. */
    private static MusterProcess onAnotherMachine() {
        String mount = "mount --bind %s /etc/machine-id && mount --bind %s \"$0\" && exec \"$@\""
                .formatted(folder.resolve("machine-id"), folder);
        return bed.agentBy(
                List.of("unshare", "--mount", "sh", "-c", mount, bed.stateDir().toString()), TTL);
    }

    @Test
    void theSecondGivesUpAndNothingHasChanged() {
        bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
        String record = bed.value("/muster/agents/host1");
        bed.recorder.clear();
        long started = System.nanoTime();
        MusterProcess second = onAnotherMachine();
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(AgentBed.measured("started, then given up", started, System.nanoTime()))
                .isBetween(PATIENCE, PATIENCE.plusSeconds(7));
        assertThat(second.log()).contains("two machines have the name 'host1'", "set --agent-id on one of them");
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.recorder.all("/muster/")).isEmpty();
        assertThat(bed.value("/muster/agents/host1")).isEqualTo(record);
    }

    @Test
    void itTakesOverOnceTheFirstIsGone() {
        MusterProcess first = bed.agent(TTL).awaitReady();
        bed.awaitPublished("web01");
        MusterProcess second = onAnotherMachine();
        Awaitility.await("it waits").until(() -> second.log().contains("held by host 'host1', another machine"));
        bed.recorder.clear();
        first.kill();
        String owner = bed.key("web01", "owner");
        Change gone = bed.recorder.await(
                TTL.plusSeconds(3),
                "the key expires",
                change -> change.deleted() && change.key().equals(owner));
        Change taken = bed.recorder.await(
                Duration.ofSeconds(5),
                "it is published anew",
                change -> !change.deleted() && change.key().equals(owner));
        AgentBed.measured("expired, then published by the other machine", gone.nanos(), taken.nanos());
        assertThat(bed.value("/muster/agents/host1")).contains("0123456789abcdef0123456789abcdef");
        second.awaitReady();
    }
}
