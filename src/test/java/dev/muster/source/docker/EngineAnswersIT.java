package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EngineConfig;
import dev.muster.source.PartlyReadException;
import dev.muster.source.Selection;
import dev.muster.source.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
        docker = new DockerContainers(EngineConfig.plain(engine.uri()), Duration.ofMillis(500), Duration.ofSeconds(10));
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
        assertThat(engine.asked()).containsExactlyInAnyOrder(LIST, inspect(A), inspect(B));
    }

    private static final String LIST = new Following(Selection.ALL).lists().getFirst();

    private static String listedWith(String endpoint) {
        return "[{\"Id\":\"%s\",\"Names\":[\"/x\"],\"State\":\"running\",\"Status\":\"Up %d seconds\",\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"EndpointID\":\"%s\"}}}}]"
                .formatted(A, System.nanoTime() % 1000, endpoint);
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

    private static String started(String id) {
        return "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"%s\"}}\n".formatted(id);
    }

    /** Of the starts of these. */
    private Heard tells(String... ids) {
        engine.raw("/_ping", "HTTP/1.1 200 OK\r\nDate: Sat, 28 Nov 2026 10:00:00 GMT\r\nContent-Length: 2\r\n\r\nOK");
        String[] events = Stream.of(ids).map(EngineAnswersIT::started).toArray(String[]::new);
        engine.raw("/events", ScriptedEngine.chunked(events).replace("0\r\n\r\n", ""));
        Heard heard = new Heard();
        docker.subscribe(heard);
        return heard;
    }

    @Test
    void aContainerIsAskedForAsSoonAsItsEventComes() throws Exception {
        Heard heard = tells(A);
        await().until(() -> heard.count(A) == 1);
        assertThat(engine.asked()).contains(inspect(A));
        assertThat(docker.find(A)).isPresent();
        assertThat(engine.asked().stream().filter(inspect(A)::equals))
                .as("it was not asked for again")
                .hasSize(1);
    }

    @Test
    void aContainerForWhichNoAnswerComesKeepsNoOtherWaiting() throws Exception {
        engine.raw(inspect(A), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        Heard heard = tells(A, B);
        await().until(() -> heard.count(B) == 1);
        assertThat(docker.find(B)).isPresent();
        assertThat(heard.count(A)).as("the engine owes an answer").isZero();
        await().until(() -> heard.count(A) == 1);
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> docker.find(A))
                .withMessageContaining("no answer within 500 ms");
    }

    @Test
    void aListSaysForWhichContainersTheEngineOwesAnAnswerAndReadsTheOthers() throws Exception {
        engine.raw(inspect(A), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        assertThatExceptionOfType(PartlyReadException.class)
                .isThrownBy(() -> docker.list())
                .withMessageContaining(
                        "of its containers 1 could not be read, first " + A + ": no answer within 500 ms")
                .satisfies(partly -> {
                    assertThat(partly.unread()).containsExactly(A);
                    assertThat(partly.read())
                            .extracting(container -> container.run().containerId())
                            .containsExactly(B);
                });
        engine.json(inspect(A), 200, inspected(A));
        assertThat(docker.list()).hasSize(2);
    }

    @Test
    void afterAListNothingIsHandedOutThatBeganBeforeIt() throws Exception {
        engine.json("/containers/json", 200, listedWith("e1"));
        docker.list();
        Heard heard = tells(A);
        await().until(() -> heard.count(A) == 1);
        docker.list(); // which says the same as before, so that nothing is inspected
        engine.json(inspect(A), 404, NO_SUCH);
        assertThat(docker.find(A)).isEmpty();
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
                new DockerContainers(EngineConfig.plain(engine.uri()), Duration.ofMillis(5), Duration.ofSeconds(10))) {
            for (int i = 0; i < 50; i++) {
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

    private void speaks(String version) {
        engine.raw("/_ping", "HTTP/1.1 200 OK\r\nApi-Version: %s\r\nContent-Length: 2\r\n\r\nOK".formatted(version));
    }

    private void forbidsPathsWithoutVersion() {
        for (String path : new String[] {"/containers/json", inspect(A), inspect(B)}) {
            engine.json(path, 403, "{\"message\":\"Forbidden\"}");
        }
    }

    private void answersIn(String version) {
        speaks(version);
        engine.json("/v" + version + "/containers/json", 200, "[{\"Id\":\"%s\"}]".formatted(A));
        engine.json("/v" + version + inspect(A), 200, inspected(A));
    }

    @Test
    void aProxyThatDemandsAVersionIsGivenTheEnginesOwn() throws Exception {
        forbidsPathsWithoutVersion();
        speaks("1.52");
        isNotRead("500");
        answersIn("1.52");
        assertThat(docker.list()).hasSize(1);
        int before = engine.asked().size();
        assertThat(docker.list()).hasSize(1);
        assertThat(engine.asked().subList(before, engine.asked().size()))
                .containsExactly("/v1.52" + LIST, "/v1.52" + inspect(A));
    }

    @Test
    void anotherEngineInItsPlaceIsAskedInItsOwnVersion() throws Exception {
        forbidsPathsWithoutVersion();
        answersIn("1.52");
        assertThat(docker.list()).hasSize(1);
        String tooNew = "{\"message\":\"client version 1.52 is too new. Maximum supported API version is 1.41\"}";
        engine.json("/v1.52/containers/json", 400, tooNew).json("/v1.52" + inspect(A), 400, tooNew);
        answersIn("1.41");
        isNotRead("too new");
        assertThat(docker.list()).hasSize(1);
    }

    @Test
    void whatIsForbiddenInEitherFormIsAFailureInTheEnginesWords() {
        forbidsPathsWithoutVersion();
        isNotRead("it answers 403: {\"message\":\"Forbidden\"}");
        speaks("1.52/../../x");
        isNotRead("it answers 403: {\"message\":\"Forbidden\"}");
        speaks("1.52");
        engine.json("/v1.52/containers/json", 403, "never");
        isNotRead("it answers 403: never");
        assertThat(engine.asked()).noneMatch(path -> path.contains(".."));
        engine.json("/containers/json", 200, "[]");
        assertThat(catchThrowable(() -> docker.list()))
                .as("asked without it again")
                .isNull();
    }

    @Test
    void aLabelOfManyMegabytesCostsNobodyAnything() throws Exception {
        String huge = "x".repeat(20 << 20);
        String labels = "\"Labels\":{\"%s\":\"%s\",\"muster.service\":\"web\"}".formatted(huge, huge);
        engine.json("/containers/json", 200, "[{\"Id\":\"%s\",%s},{\"Id\":\"%s\"}]".formatted(A, labels, B));
        engine.json(inspect(A), 200, inspected(A).replace("\"Name\"", "\"Config\":{" + labels + "},\"Name\""));
        try (DockerContainers patient = new DockerContainers(
                EngineConfig.plain(engine.uri()), Duration.ofSeconds(10), Duration.ofSeconds(10))) {
            assertThat(patient.list())
                    .extracting(container -> container.run().containerId())
                    .containsExactly(A, B);
            assertThat(patient.find(A).orElseThrow().labels())
                    .hasSize(2)
                    .containsEntry("muster.service", "web")
                    .allSatisfy((key, value) -> assertThat(key + value).hasSizeLessThan(10_000));
        }
    }
}
