package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.config.LogSettings.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private final Logger logger = new LoggerContext().getLogger("dev.muster.agent.Agent");

    @Test
    void peopleGetOneLineWithTimeLevelAndWho() {
        assertThat(line(Format.TEXT, "web/web01 up", null))
                .isEqualTo("2026-01-02T03:04:05.006Z WARN Agent: web/web01 up\n");
    }

    @Test
    void whatOthersWroteCannotEndTheLineOrSteerTheTerminal() {
        assertThat(line(Format.TEXT, "a\nb\u001b[31m\u009bx", null))
                .endsWith("Agent: a\\u000ab\\u001b[31m\\u009bx\n")
                .hasLineCount(1);
        assertThat(line(Format.JSON, "a\nb\u001b", null)).hasLineCount(1);
    }

    @Test
    void programsGetOneObject() throws Exception {
        JsonNode json = new JsonMapper().readTree(line(Format.JSON, "say \"x\\y\"\n\u2028\ud83d\ude00", null));

        assertThat(json.get("time").asText()).isEqualTo("2026-01-02T03:04:05.006Z");
        assertThat(json.get("level").asText()).isEqualTo("WARN");
        assertThat(json.get("logger").asText()).isEqualTo("dev.muster.agent.Agent");
        assertThat(json.get("message").asText()).isEqualTo("say \"x\\y\"\n\u2028\ud83d\ude00");
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void aFailureComesWithItsTrace() throws Exception {
        IllegalStateException failure = new IllegalStateException("broken");

        assertThat(line(Format.TEXT, "failed", failure))
                .contains("failed\njava.lang.IllegalStateException: broken")
                .contains("at dev.muster.cli.LogLineTest");
        assertThat(new JsonMapper()
                        .readTree(line(Format.JSON, "failed", failure))
                        .get("error")
                        .asText())
                .startsWith("java.lang.IllegalStateException: broken");
    }

    private String line(Format format, String message, @Nullable Throwable failure) {
        LoggingEvent event = new LoggingEvent("here", logger, Level.WARN, message, failure, null);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        return new String(new LogLine(format).encode(event), StandardCharsets.UTF_8);
    }
}
