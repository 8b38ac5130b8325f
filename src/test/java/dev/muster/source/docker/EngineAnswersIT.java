package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.source.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine's answers may look like, and which of them are none. */
@Timeout(30)
final class EngineAnswersIT {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String NO_SUCH = "{\"message\":\"No such container: x\"}";

    @TempDir
    Path folder;

    private ScriptedEngine engine;
    private DockerContainers docker;

    @BeforeEach
    void start() throws IOException {
        engine = new ScriptedEngine(folder);
        docker = new DockerContainers(engine.uri(), Duration.ofMillis(500), Duration.ofSeconds(10));
        engine.json("/containers/json", 200, "[{\"Id\":\"%s\"},{\"Id\":\"%s\"}]\n".formatted(A, B));
        engine.json(inspect(A), 200, inspected(A)).json(inspect(B), 200, inspected(B));
    }

    @AfterEach
    void stop() throws IOException {
        docker.close();
        engine.close();
    }

    private static String inspect(String id) {
        return "/containers/" + id + "/json";
    }

    private static String inspected(String id) {
        return "{\"Id\":\"%s\",\"Name\":\"/x\",\"State\":{\"Status\":\"running\",\"StartedAt\":\"2026-11-21T09:04:09Z\"}}\n"
                .formatted(id);
    }

    private void isNotRead(String reason) {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> docker.list())
                .withMessageContaining(reason)
                .withMessageContaining("Docker at unix:");
    }

    @Test
    void listsAndInspectsAndAsksForNothingElse() throws Exception {
        assertThat(docker.list())
                .extracting(container -> container.run().containerId())
                .containsExactly(A, B);
        assertThat(engine.asked()).containsExactlyInAnyOrder("/containers/json", inspect(A), inspect(B));
    }

    private static String listedWith(String endpoint) {
        String entry =
                "{\"Id\":\"%s\",\"Names\":[\"/x\"],\"State\":\"running\",\"Status\":\"Up %d seconds\",\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"EndpointID\":\"%s\"}}}}";
        return "[" + entry.formatted(A, System.nanoTime() % 1000, endpoint) + "]";
    }

    @Test
    void onlyWhatTheListSaysAnewIsInspectedAgain() throws Exception {
        for (String endpoint : List.of("e1", "e1", "e2", "e2", "e1", "", "")) {
            engine.json("/containers/json", 200, listedWith(endpoint));
            assertThat(docker.list()).hasSize(1);
        }
        assertThat(engine.asked().stream().filter(inspect(A)::equals))
                .as("for e1, e2, e1, and each time where no endpoint tells")
                .hasSize(5);
    }

    @Test
    void aListThatFailsForgetsNothingAndInventsNothing() throws Exception {
        engine.json("/containers/json", 200, listedWith("e1"));
        docker.list();
        engine.json("/containers/json", 500, "{\"message\":\"on fire\"}");
        isNotRead("on fire");
        engine.json("/containers/json", 200, "[]");
        assertThat(docker.list()).isEmpty();
        engine.json("/containers/json", 200, listedWith("e1"));
        engine.json(inspect(A), 404, NO_SUCH);
        assertThat(docker.list())
                .as("inspected anew, since it was gone meanwhile")
                .isEmpty();
    }

    @Test
    void whatVanishesBetweenListAndInspectionIsGone() throws Exception {
        engine.json(inspect(A), 404, NO_SUCH);
        assertThat(docker.list())
                .extracting(container -> container.run().containerId())
                .containsExactly(B);
        assertThat(docker.find(A)).isEmpty();
        assertThat(docker.find(B)).isPresent();
    }

    @Test
    void anotherNotFoundIsAFailure() {
        engine.json(inspect(A), 404, "404 page not found");
        isNotRead("page not found");
    }

    @Test
    void anErrorIsAFailure() {
        engine.json(inspect(B), 500, "{\"message\":\"on fire\"}");
        isNotRead("on fire");
        engine.json("/containers/json", 403, "Forbidden");
        isNotRead("403");
    }

    @Test
    void everyFormOfABodyIsRead() throws Exception {
        String json = inspected(A);
        engine.raw(inspect(A), ScriptedEngine.chunked(json.substring(0, 5), json.substring(5, 40), json.substring(40)));
        engine.raw(inspect(B), "HTTP/1.0 200 OK\r\n\r\n" + inspected(B));
        for (int i = 0; i < 3; i++) {
            assertThat(docker.list()).hasSize(2);
        }
        engine.raw(
                inspect(B),
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(inspected(B).length(), inspected(B)));
        for (int i = 0; i < 3; i++) {
            assertThat(docker.list()).hasSize(2);
        }
    }

    @Test
    void aBodyThatEndsEarlyIsAFailure() {
        String json = inspected(A);
        engine.raw(inspect(A), "HTTP/1.0 200 OK\r\nContent-Length: 4000\r\n\r\n" + json);
        isNotRead("Premature end");
        engine.raw(inspect(A), "HTTP/1.0 200 OK\r\n\r\n" + json.substring(0, 90));
        isNotRead("not whole JSON");
        engine.raw(
                inspect(A),
                "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
                        .formatted(json.length(), json));
        isNotRead("Premature end");
    }

    @Test
    void aBodyThatGoesOnIsAFailure() {
        engine.json(inspect(A), 200, inspected(A) + "and more");
        isNotRead("JSON");
    }

    @Test
    void whatIsNotHttpIsAFailure() {
        for (String answer : new String[] {
            "SSH-2.0-x\r\n",
            "HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        }) {
            engine.raw(inspect(A), answer);
            isNotRead("container");
        }
    }

    @Test
    void noAnswerIsAFailureInTime() {
        engine.raw(inspect(A), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"Id\"");
        long before = System.nanoTime();
        isNotRead("no answer within");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(400), Duration.ofSeconds(3));
    }

    /** A call that is given up fails while its client is still being closed: whose failure it is must be clear by then. */
    @Test
    void everyCallThatIsGivenUpSaysSo() throws Exception {
        engine.raw(inspect(A), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"Id\"");
        try (DockerContainers hasty =
                new DockerContainers(engine.uri(), Duration.ofMillis(5), Duration.ofSeconds(10))) {
            for (int i = 0; i < 200; i++) {
                assertThatExceptionOfType(SourceException.class)
                        .isThrownBy(() -> hasty.find(A))
                        .withMessageContaining("no answer within 5 ms");
            }
        }
    }

    @Test
    void aListOfHundredsIsWhole() throws Exception {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 300; i++) {
            String id = "%064x".formatted(i);
            list.append(i == 0 ? "" : ",").append("{\"Id\":\"").append(id).append("\",\"Labels\":{\"a\":[1,{}]}}");
            engine.json(inspect(id), 200, inspected(id));
        }
        engine.json("/containers/json", 200, list.append(']').toString());
        assertThat(docker.list())
                .hasSize(300)
                .extracting(container -> container.run().containerId())
                .isSorted();
    }
}
