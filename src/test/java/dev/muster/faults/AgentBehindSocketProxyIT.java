package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.SocketProxy;
import dev.muster.testkit.SocketProxy.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent, from its start over containers that come, change and go to its end, reads and does nothing else. */
@OnThisEngine
class AgentBehindSocketProxyIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    private static AgentBed bed;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
    }

    @AfterEach
    void endAgents() {
        bed.endAgents();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private MusterProcess behind(SocketProxy proxy) {
        return bed.agent(TTL, "--docker=" + proxy.uri(), "--resync=1s").awaitReady();
    }

    /** A container's whole life, and several resyncs. */
    private static void live(String instance) {
        String id = bed.container(instance);
        bed.awaitPublished(instance);
        DockerCli.docker("pause", id);
        await().until(() -> bed.value(bed.key(instance, "state")).equals("down"));
        DockerCli.docker("unpause", id);
        bed.awaitPublished(instance);
        String started = bed.value(bed.key(instance, "started_at"));
        DockerCli.docker("restart", "-t", "0", id);
        await().until(() -> !bed.value(bed.key(instance, "started_at")).isEmpty()
                && !bed.value(bed.key(instance, "started_at")).equals(started));
        bed.awaitPublished(instance);
        DockerCli.docker("rm", "-f", id);
        await().until(() -> bed.value(bed.key(instance, "owner")).isEmpty());
        AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(3));
    }

    private static boolean reads(Call call, String version) {
        return call.method().equals("GET")
                && call.path().matches(version + "/(_ping|events|containers/json|containers/[0-9a-f]{64}/json)");
    }

    @Test
    void nothingButReadingIsAskedFor() throws Exception {
        try (SocketProxy proxy = SocketProxy.start(folder)) {
            MusterProcess agent = behind(proxy);
            live("web01");
            assertThat(agent.terminate()).isZero();
            List<Call> calls = proxy.calls();
            assertThat(calls).allMatch(call -> reads(call, "")).noneMatch(call -> call.status() == 403);
            for (String path : new String[] {"/_ping", "/events", "/containers/json", "/containers/[0-9a-f]+/json"}) {
                assertThat(calls).as(path).anyMatch(call -> call.path().matches(path) && call.status() == 200);
            }

            assertThat(catchThrowable(() -> DockerCli.docker("-H", proxy.uri().toString(), "run", DockerCli.IMAGE)))
                    .as("what is more than reading is refused, mostly before it is sent whole")
                    .message()
                    .containsAnyOf("403", "broken pipe", "connection reset by peer");
            assertThat(proxy.calls())
                    .as("would have been seen")
                    .anyMatch(call -> call.method().equals("POST") && call.status() == 403);
        }
    }

    @Test
    void aVersionInThePathIsGivenWhereItIsDemanded() throws Exception {
        try (SocketProxy proxy =
                SocketProxy.start(folder, "http-request deny unless { path /_ping } or { path_beg /v1. }")) {
            behind(proxy);
            live("web02");
            List<Call> refused =
                    proxy.calls().stream().filter(call -> call.status() == 403).toList();
            assertThat(refused).as("what told it that a version is demanded").hasSizeBetween(1, 3);
            assertThat(proxy.calls())
                    .filteredOn(call -> call.status() != 403)
                    .allMatch(call -> call.path().equals("/_ping") || reads(call, "/v1\\.[0-9]+"));
        }
    }
}
