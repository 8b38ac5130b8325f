package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GoodbyeJsonTest {

    private static final InstanceId ID = new InstanceId("web", "web01");

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsRead(Goodbye.Reason reason) {
        Goodbye goodbye = new Goodbye(ID, reason, "host\"1", new Run("c1", "2026-01-01T00:00:00Z"));
        assertThat(GoodbyeJson.decode(ID, GoodbyeJson.encode(goodbye))).isEqualTo(goodbye);
    }

    @Test
    void theTextIsWhatTheDocumentationSays() {
        assertThat(GoodbyeJson.encode(new Goodbye(ID, Goodbye.Reason.ENDED, "host1", new Run("c1", "t"))))
                .isEqualTo("{\"reason\":\"ended\",\"owner\":\"host1\",\"container_id\":\"c1\",\"started_at\":\"t\"}");
        assertThat(GoodbyeJson.decode(ID, "{\"reason\":\"leaving\",\"later\":{\"a\":[1,null,2.5,true]}}"))
                .isEqualTo(new Goodbye(ID, Goodbye.Reason.LEAVING, "", new Run("", "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                              | goodbye '': allowed is a JSON object
            gone                            | goodbye 'gone': allowed is a JSON object
            []                              | goodbye '[]': allowed is a JSON object
            {}                              | goodbye.reason is missing
            {"reason":"bye"}                | reason 'bye': allowed are ended, stopping, leaving, drained
            {"reason":"ended","owner":1}    | goodbye.owner '1': allowed is a string
            {"reason":"ended"               | goodbye '{"reason":"ended"': allowed is a JSON object
            """)
    void aBadValueIsRefusedByMemberValueAndWhatIsAllowed(String text, String message) {
        assertThatThrownBy(() -> GoodbyeJson.decode(ID, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
