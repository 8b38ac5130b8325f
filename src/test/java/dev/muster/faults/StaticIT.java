package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs in no container, on a host that may have no engine at all. */
@OnThisEngine
final class StaticIT {

    private static final Duration TTL = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    private final AgentBed bed = new AgentBed();
    private final int port = Ports.free();

    @AfterEach
    void stop() {
        bed.close();
    }

    /** An agent that would say so if it asked an engine for anything. */
    private MusterProcess agent(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "--docker=none";
        all[1] = "--check-interval=100ms";
        System.arraycopy(options, 0, all, 2, options.length);
        return bed.sidecar(TTL, all);
    }

    private String entry(String instance, int at) {
        return "%s/%s=%d".formatted(bed.service, instance, at);
    }

    /** A process that accepts each connection and says nothing. */
    private static final class Listening implements AutoCloseable {
        private final ServerSocket socket;

        Listening(int at) throws IOException {
            socket = new ServerSocket(at, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    socket.accept().close();
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).as("ended by the test").isTrue();
            }
        }

        boolean isClosed() {
            return socket.isClosed();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void awaitState(String instance, String state) {
        Awaitility.await(instance + " is " + state)
                .atMost(Duration.ofSeconds(10))
                .until(() -> bed.value(bed.key(instance, "state")).equals(state));
    }

    private String startedAt(String instance) {
        return bed.value(bed.key(instance, "started_at"));
    }

    @Test
    void isRegisteredOnceItAcceptsConnectionsAndDownWhenItNoLongerDoes() throws IOException {
        MusterProcess agent =
                agent("--static=" + entry("app1", port), "--unit=app@1").awaitReady();
        assertThat(bed.stored(bed.tree())).as("nothing listens").isEmpty();
        try (Listening process = new Listening(port)) {
            awaitState("app1", "up");
            assertThat(process.isClosed()).isFalse();
        }
        awaitState("app1", "down");
        assertThat(bed.value(bed.key("app1", "state_reason"))).isEqualTo("check");
        assertThat(bed.value(bed.key("app1", "private_ipv4_addr"))).isEqualTo("127.0.0.1");
        assertThat(bed.value(bed.key("app1", "port"))).isEqualTo(Integer.toString(port));
        assertThat(bed.value(bed.key("app1", "owner"))).isEqualTo("host1.app-1");
        assertThat(bed.value(bed.key("app1", "unit"))).isEqualTo("app@1.service");
        assertThat(bed.value(bed.key("app1", "container_id"))).startsWith("static-");
        assertThat(agent.log()).doesNotContain("Docker");

        assertThat(agent.terminate())
                .as("as presence did it, its stop withdraws")
                .isZero();
        assertThat(bed.stored(bed.key("app1", ""))).isEmpty();
        assertThat(bed.value(bed.tree() + "gone/app1"))
                .contains("\"reason\":\"leaving\"")
                .contains("\"container_id\":\"static-");
    }

    @Test
    void anAgentThatIsKilledAndStartedAgainChangesNoKeyAndOneThatWithdrewBeginsAnew() throws IOException {
        String entry = "--static=" + entry("app1", port);
        try (Listening process = new Listening(port)) {
            MusterProcess first = agent(entry).awaitReady();
            awaitState("app1", "up");
            String before = bed.stored("");
            first.kill();
            MusterProcess second = agent(entry).awaitReady();
            AgentBed.awaitSince(System.nanoTime(), TTL.plusSeconds(1));
            assertThat(second.terminate()).isZero();
            MusterProcess third = agent(entry, "--on-stop=drain").awaitReady();
            AgentBed.awaitSince(System.nanoTime(), TTL.plusSeconds(1));
            assertThat(bed.stored("")).isEqualTo(before);

            String run = startedAt("app1");
            assertThat(third.terminate()).isZero();
            agent(entry).awaitReady();
            awaitState("app1", "up");
            assertThat(startedAt("app1")).isNotEqualTo(run);
            assertThat(process.isClosed()).isFalse();
        }
    }

    @Test
    void aFileIsFollowedAndABadOneChangesNothingAndIsSaidOnce() throws IOException {
        int other = Ports.free();
        Path file = folder.resolve("static");
        Files.writeString(file, "# processes\n" + entry("app1", port) + "\n");
        try (Listening process = new Listening(port);
                Listening second = new Listening(other)) {
            MusterProcess agent = agent("--static-file=" + file, "--resync=1s").awaitReady();
            awaitState("app1", "up");
            bed.recorder.clear();

            Files.writeString(file, entry("app1", port) + "\nrubbish\n");
            Awaitility.await().until(() -> refusals(agent) == 1);
            assertThat(agent.page("/metrics")).contains("muster_static_file_refused 1");
            AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(3));
            assertThat(refusals(agent)).as("said once").isEqualTo(1);
            assertThat(bed.recorder.all(bed.tree())).isEmpty();

            Files.writeString(file, entry("app2", other) + "\n");
            Change gone = bed.recorder.await(
                    Duration.ofSeconds(10),
                    "what is no longer named leaves",
                    change -> change.deleted() && change.key().equals(bed.key("app1", "owner")));
            awaitState("app2", "up");
            assertThat(bed.value(bed.tree() + "gone/app1")).contains("\"reason\":\"ended\"");
            assertThat(gone.deleted()).isTrue();
            assertThat(agent.page("/metrics")).contains("muster_static_file_refused 0");
            assertThat(process.isClosed() || second.isClosed()).isFalse();
        }
    }

    @Test
    void aHostsAgentRegistersItBesideItsContainers() throws IOException {
        try (Listening process = new Listening(port)) {
            bed.container("web01");
            bed.agent(TTL, "--static=" + entry("app1", port) + "/tcp").awaitReady();
            bed.awaitPublished("web01");
            bed.awaitPublished("app1");
            assertThat(bed.value(bed.key("app1", "protocol"))).isEqualTo("tcp");
            assertThat(bed.value(bed.key("app1", "owner"))).isEqualTo("host1");
            assertThat(process.isClosed()).isFalse();
        }
    }

    @Test
    void aBadFileOrEntryAtTheStartIsWrongUsage() throws IOException {
        Path file = folder.resolve("static");
        Files.writeString(file, "web=80\n");
        MusterProcess bad = agent("--static-file=" + file);
        assertThat(bad.awaitExit()).isEqualTo(2);
        assertThat(bad.log()).contains(file + ":1: 'web=80': allowed is SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]");
        MusterProcess missing = agent("--static-file=" + folder.resolve("none"));
        assertThat(missing.awaitExit()).isEqualTo(2);
        MusterProcess elsewhere = agent("--static=web/web01=127.0.0.2:80");
        assertThat(elsewhere.awaitExit()).isEqualTo(2);
        assertThat(elsewhere.log()).contains("web/web01: no other machine reaches it at 127.0.0.2");
        MusterProcess nothing = agent();
        assertThat(nothing.awaitExit()).isEqualTo(2);
        assertThat(nothing.log()).contains("there is nothing to register");
    }

    private static long refusals(MusterProcess agent) {
        return agent.log()
                .lines()
                .filter(line -> line.contains("rubbish") && line.contains("what it said before stays"))
                .count();
    }
}
