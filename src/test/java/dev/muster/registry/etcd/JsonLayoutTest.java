package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLayoutTest {

    private static final InstanceId ID = new InstanceId("web", "web01");

    @Test
    void whatWasWrittenIsRead() {
        Registration plain = Registrations.of(ID, "host1", 80);
        Registration aliased = new Registration(
                plain.instance().withAliases(Map.of("/a/b", "{\"value\": \"x\"}")),
                "host1",
                plain.state(),
                plain.reason());
        assertThat(read(JsonLayout.encode(plain))).isEqualTo(plain).isNotEqualTo(aliased);
        assertThat(read(JsonLayout.encode(aliased))).isEqualTo(aliased);
    }

    @Test
    void numbersMayBeTextsAndWhatIsMissingHasItsDefault() {
        Registration read = read(" {\"public_ipv4_addr\":\"192.0.2.1\",\"port\":\"80\",\"more\":true,\"n\":null}");
        assertThat(read.instance().port()).isEqualTo(80);
        assertThat(read.owner()).isEmpty();
        assertThat(JsonLayout.encode(read)).contains("\"port\":80").doesNotContain("more");
    }

    private static Registration read(String text) {
        return FieldsLayout.decode(ID, JsonLayout.fields(text).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "60",
                "{",
                "[]",
                "{\"value\": \"10.1.2.3\"}",
                "{\"port\":80}",
                "{\"port\":80,\"public_ipv4_addr\":\"\"}",
                "{\"public_ipv4_addr\":\"192.0.2.1\"}",
                "{\"public_ipv4_addr\":\"192.0.2.1\",\"port\":80} x"
            })
    void whatHasNoPortAndAddressIsNoInstance(String text) {
        assertThat(JsonLayout.fields(text)).isEmpty();
    }
}
