package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.OnThisEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What never listens is never published, though the engine's proxy accepts connections in its place. */
@OnThisEngine
@Tag("fault-13")
class RunningButNotListeningIT {

    private static AgentBed bed;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void onlyWhatAsksForNoCheckIsPublishedWithoutListening() throws Exception {
        String silent = bed.container("silent", "--env=MODE=silent");
        bed.container("unchecked", "--env=MODE=silent", "--label=muster.check=none");
        bed.container("late", "--env=START_DELAY=3");
        bed.container("serving");
        String published = DockerCli.docker("port", silent, "80/tcp");
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(published.substring(published.lastIndexOf(':') + 1));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            assertThat(socket.isConnected()).as("the engine's proxy accepts").isTrue();
        }
        bed.agent(Duration.ofSeconds(3)).awaitReady();
        bed.awaitPublished("serving");
        bed.awaitPublished("unchecked");
        bed.awaitPublished("late"); // by then the silent one has been asked some hundred times
        AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(5)); // beyond the third failure, which is a verdict
        assertThat(bed.recorder.all(bed.key("silent", ""))).isEmpty();
        assertThat(bed.recorder.all(bed.key("serving", ""))).isNotEmpty();
    }
}
