package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventJsonTest {

    private static final String ID = "3".repeat(64);

    private static List<EventJson> read(String stream) throws IOException {
        List<EventJson> events = new ArrayList<>();
        try (Json json = Json.of(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)))) {
            while (json.next()) {
                events.add(EventJson.read(json));
            }
        }
        return events;
    }

    @Test
    void engine20Event() throws IOException {
        assertThat(read(
                        ("{\"status\":\"start\",\"id\":\"%s\",\"from\":\"web\",\"Type\":\"container\",\"Action\":\"start\","
                                        + "\"Actor\":{\"ID\":\"%s\",\"Attributes\":{\"image\":\"web\",\"name\":\"web-01\"}},"
                                        + "\"scope\":\"local\",\"time\":1795252449,\"timeNano\":1795252449835387489}\n")
                                .formatted(ID, ID)))
                .containsExactly(new EventJson("start", ID, "web-01", ""));
    }

    @Test
    void engine29EventWithoutTheOlderFields() throws IOException {
        assertThat(read(("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"%s\",\"Attributes\":{}},"
                                + "\"scope\":\"local\",\"time\":1795252449}{\"Action\":\"pause\",\"Actor\":{\"ID\":\"%s\"}}")
                        .formatted(ID, ID)))
                .containsExactly(event("die", ID), event("pause", ID));
    }

    @Test
    void whatCannotChangeARegistrationIsPassedOver() {
        for (String action : List.of("start", "die", "kill", "pause", "unpause", "rename")) {
            assertThat(event(action, ID).telling()).as(action).isTrue();
        }
        for (String action : List.of("exec_create: sh", "top", "attach", "health_status: healthy", "create", "stop")) {
            assertThat(event(action, ID).telling()).as(action).isFalse();
        }
    }

    @Test
    void onlyAKillIsASignal() {
        assertThat(event("kill", ID).signals()).isTrue();
        assertThat(event("die", ID).signals()).isFalse();
    }

    @Test
    void anEventThatNamesNoContainerCallsForALookAtAll() throws IOException {
        assertThat(read("{\"Action\":\"start\",\"Actor\":{\"ID\":\"../../x\"}}{}"))
                .containsExactly(event("start", ""), event("", ""))
                .allMatch(EventJson::telling);
    }

    @Test
    void whoseItIsIsReadWhereTheEventSaysIt() throws IOException {
        assertThat(read(("{\"Action\":\"start\",\"Actor\":{\"ID\":\"%s\",\"Attributes\":{\"image\":\"web\","
                                + "\"muster.unit\":\"web@01.service\",\"name\":\"web-01\"}}}")
                        .formatted(ID)))
                .containsExactly(new EventJson("start", ID, "web-01", "web@01.service"));
    }

    private static EventJson event(String action, String id) {
        return new EventJson(action, id, "", "");
    }
}
