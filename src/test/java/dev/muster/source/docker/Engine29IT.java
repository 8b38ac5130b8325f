package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EngineConfig;
import dev.muster.model.Protocol;
import dev.muster.source.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Engine 29, by what is documented of it: API 1.52 ({@code /events} has neither {@code status} nor {@code id} nor
 * {@code from}, an inspection no longer an address outside {@code Networks}; see <a
 * href="https://docs.docker.com/reference/api/engine/version-history/#v152-api-changes">the version history</a>), clients
 * below 1.44 are refused (<a href="https://docs.docker.com/engine/release-notes/29/">release notes</a>).
 */
@Timeout(30)
final class Engine29IT {

    private static final String ID = "e".repeat(64);
    private static final String TOO_OLD =
            "{\"message\":\"client version 1.41 is too old. Minimum supported API version is 1.44\"}\n";

    @TempDir
    Path folder;

    private ScriptedEngine engine;
    private DockerContainers docker;

    @BeforeEach
    void start() throws IOException {
        engine = new ScriptedEngine(folder);
        docker = new DockerContainers(EngineConfig.plain(engine.uri()), Duration.ofSeconds(2), Duration.ofSeconds(10));
        engine.raw(
                "/_ping",
                "HTTP/1.1 200 OK\r\nApi-Version: 1.52\r\nDate: Fri, 27 Nov 2026 07:00:00 GMT\r\n"
                        + "Server: Docker/29.0.0 (linux)\r\nContent-Length: 2\r\n\r\nOK");
        engine.json("/v1.41/containers/json", 400, TOO_OLD);
    }

    @AfterEach
    void stop() throws IOException {
        docker.close();
        engine.close();
    }

    private static String chunk(String text) {
        return "%x\r\n%s\r\n".formatted(text.length(), text);
    }

    private static String event(String action) {
        return ("{\"Type\":\"container\",\"Action\":\"%s\",\"Actor\":{\"ID\":\"%s\",\"Attributes\":{\"image\":\"web\","
                        + "\"name\":\"web-01\"}},\"scope\":\"local\",\"time\":1795762993,\"timeNano\":1795762993129902666}\n")
                .formatted(action, ID);
    }

    @Test
    void itsEventsAreHeard() {
        engine.raw(
                "/events",
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk(event("start"))
                        + chunk(event("exec_start: sh"))
                        + chunk(event("die")));
        Heard heard = new Heard();
        docker.subscribe(heard);
        await().until(() -> docker.events() == 2 && heard.count(ID) > 0);
        assertThat(heard.count(Heard.ANYTHING)).isEqualTo(1);
        assertThat(engine.asked()).noneMatch(path -> path.startsWith("/v"));
    }

    @Test
    void itsContainersAreReadWithoutAVersionInThePath() throws Exception {
        engine.json("/containers/json", 200, "[{\"Id\":\"%s\",\"Names\":[\"/web-01\"],\"Health\":{}}]".formatted(ID));
        engine.json("/containers/" + ID + "/json", 200, """
                {"Id":"%s","Name":"/web-01","State":{"Status":"running","StartedAt":"2026-11-27T07:00:00.5Z"},
                 "HostConfig":{"NetworkMode":"bridge"},"Config":{"Image":"web","ExposedPorts":{"80/tcp":{}}},
                 "NetworkSettings":{"SandboxID":"5c","SandboxKey":"/var/run/docker/netns/5c",
                 "Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"32768"}]},
                 "Networks":{"bridge":{"GwPriority":0,"IPAddress":"172.17.0.2","GlobalIPv6Address":""}}}}
                """.formatted(ID));
        assertThat(docker.list()).singleElement().satisfies(container -> {
            assertThat(container.networks()).isEqualTo(Map.of("bridge", "172.17.0.2"));
            assertThat(container.bindings())
                    .containsExactly(new Container.PortBinding(new Container.Port(80, Protocol.TCP), "0.0.0.0", 32768));
        });
        assertThat(engine.asked()).isNotEmpty().noneMatch(path -> path.startsWith("/v"));
    }
}
