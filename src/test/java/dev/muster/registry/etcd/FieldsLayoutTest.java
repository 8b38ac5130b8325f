package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldsLayoutTest {

    private static final InstanceId ID = new InstanceId("web", "web01");

    private static final Registration PLAIN = new Registration(
            new Instance(
                    ID,
                    "host1",
                    new Addresses("192.0.2.1", "10.0.0.1"),
                    18001,
                    Protocol.HTTP,
                    CheckSpec.TCP,
                    List.of(),
                    Instance.DEFAULT_WEIGHT,
                    new Run("c1", "2026-01-01T00:00:00.000000001Z"),
                    "",
                    "nginx",
                    "",
                    Map.of(),
                    Map.of()),
            "host1",
            InstanceState.UP,
            "");

    private static final Registration FULL = new Registration(
            new Instance(
                    ID,
                    "host1",
                    new Addresses("", "10.0.0.1", "2001:db8::1", "fd00::1"),
                    5432,
                    Protocol.TCP,
                    CheckSpec.NONE,
                    List.of(new Route("a.example", "/x", 0), new Route("", "", 15432)),
                    7,
                    new Run("c1", "2026-01-01T00:00:00Z"),
                    "web@01.service",
                    "registry/nginx:1",
                    "1.2",
                    Map.of("a", "1", "quote\"d", "\u00e9"),
                    Map.of("name", "web.example.com", "weight", "7", "of_a_later_version", "x"),
                    Map.of()),
            "host1",
            InstanceState.DOWN,
            "check");

    @Test
    void whatWasWrittenIsRead() {
        assertThat(FieldsLayout.decode(ID, FieldsLayout.encode(PLAIN))).isEqualTo(PLAIN);
        assertThat(FieldsLayout.decode(ID, FieldsLayout.encode(FULL))).isEqualTo(FULL);
        assertThat(PLAIN).isNotEqualTo(FULL);
    }

    @Test
    void theFiveFieldsOfMonwebAreAlwaysWrittenAndVacuousOnesAreNot() {
        assertThat(FieldsLayout.encode(PLAIN))
                .containsOnlyKeys(
                        "unit",
                        "host",
                        "public_ipv4_addr",
                        "private_ipv4_addr",
                        "port",
                        "owner",
                        "state",
                        "protocol",
                        "check",
                        "container_id",
                        "started_at",
                        "image")
                .containsEntry("unit", "")
                .containsEntry("port", "18001")
                .containsEntry("check", "{\"type\":\"tcp\"}");
        assertThat(FieldsLayout.encode(FULL))
                .containsEntry("route", "[{\"host\":\"a.example\",\"path\":\"/x\"},{\"port\":15432}]")
                .containsEntry("attributes", "{\"a\":\"1\",\"quote\\\"d\":\"\u00e9\"}")
                .containsEntry("weight", "7")
                .containsEntry("dns", "{\"name\":\"web.example.com\",\"of_a_later_version\":\"x\",\"weight\":\"7\"}")
                .containsEntry("public_ipv6_addr", "2001:db8::1")
                .containsEntry("private_ipv6_addr", "fd00::1")
                .containsEntry("state_reason", "check");
    }

    @Test
    void anEntryOfTheOldScriptsHasNeitherOwnerNorRun() {
        Registration read = FieldsLayout.decode(ID, Map.of("public_ipv4_addr", "192.0.2.1", "port", "18001"));
        assertThat(read.owner()).isEmpty();
        assertThat(read.instance().run()).isEqualTo(new Run("", ""));
        assertThat(read.state()).isEqualTo(InstanceState.UP);
        assertThat(FieldsLayout.decode(ID, FieldsLayout.encode(read))).isEqualTo(read);
    }

    @Test
    void anInstanceMayHaveIpv6AddressesOnly() {
        Registration read = FieldsLayout.decode(ID, Map.of("private_ipv6_addr", "FD00:0::1", "port", "80"));
        assertThat(read.instance().target()).hasToString("[fd00::1]:80");
        assertThat(FieldsLayout.encode(read))
                .containsEntry("public_ipv4_addr", "")
                .containsEntry("private_ipv4_addr", "")
                .doesNotContainKey("public_ipv6_addr");
        assertThatThrownBy(() -> FieldsLayout.decode(ID, Map.of("private_ipv6_addr", "fd00:1", "port", "80")))
                .hasMessageContaining("private_ipv6_addr 'fd00:1': allowed is an IPv6 address");
        assertThatThrownBy(() -> FieldsLayout.decode(ID, Map.of("port", "80"))).hasMessageContaining("at least one");
    }

    @Test
    void anHttpCheckHasItsPathAndItsStatuses() {
        CheckSpec check = CheckSpec.http("/health?full=1", "200-299");
        assertThat(FieldsLayout.check(FieldsLayout.checkText(check))).isEqualTo(check);
        assertThat(FieldsLayout.check("{\"type\":\"http\"}")).isEqualTo(CheckSpec.http("/", "200-399"));
        assertThat(FieldsLayout.check("{\"type\":\"http\",\"status\":\"204\"}"))
                .isEqualTo(CheckSpec.http("/", "204-204"));
        for (String bad :
                List.of("\"path\":\"/a b\"", "\"path\":\"a\"", "\"path\":\"/a\\r\\nX: 1\"", "\"status\":\"2\"")) {
            assertThat(FieldsLayout.check("{\"type\":\"http\"," + bad + "}"))
                    .as(bad)
                    .isEqualTo(CheckSpec.UNKNOWN);
        }
        assertThatThrownBy(() -> CheckSpec.http("/", "300-200"))
                .hasMessage("check status '300-200': allowed is a range within 100 to 599");
    }

    @Test
    void aCheckOfAnotherVersionIsUnknownAndNotAnError() {
        assertThat(FieldsLayout.check("{\"type\": \"grpc\", \"path\": \"/health\"}"))
                .isEqualTo(CheckSpec.UNKNOWN);
        assertThat(FieldsLayout.check("{ \"type\": \"tcp\" }")).isEqualTo(CheckSpec.TCP);
        assertThat(FieldsLayout.check(FieldsLayout.checkText(CheckSpec.UNKNOWN)))
                .isEqualTo(CheckSpec.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            port              | 0                        | port '0': allowed is 1 to 65535
            port              | 65536                    | port '65536': allowed is 1 to 65535
            port              | +1                       | port '+1': allowed is 1 to 65535
            port              | ``                       | port '': allowed is 1 to 65535
            weight            | 257                      | weight '257': allowed is 0 to 256
            weight            | x                        | weight 'x': allowed is 0 to 256
            public_ipv4_addr  | 1.2.3                    | public_ipv4_addr '1.2.3': allowed is an IPv4
            private_ipv4_addr | 10.0.0.256               | private_ipv4_addr '10.0.0.256': allowed is an IPv4
            owner             | a/b                      | owner 'a/b': allowed is an agent's id
            owner             | ``                       | owner '': allowed is an agent's id
            state             | UP                       | state 'UP': allowed are up, down, draining
            protocol          | grpc                     | protocol 'grpc': allowed are http, tcp, udp
            check             | tcp                      | check 'tcp': allowed is a JSON object
            check             | {"type":"tcp"} x         | check '{"type":"tcp"} x': allowed is a JSON object
            check             | {}                       | check.type is missing
            check             | {"type":1}               | check.type '1': allowed is a string
            check             | {"type":"tcp","type":"a"} | check '{"type":"tcp","type":"a"}': allowed is a JSON object
            route             | {}                       | route '{}': allowed is a JSON list of objects
            route             | [1]                      | route '[1]': allowed is a JSON list of objects
            route             | [{"port":70000}]         | route.port '70000': allowed is 0 to 65535
            route             | [{"host":"A b"}]         | route host 'A b': allowed is a lower-case host name
            dns               | {"ttl":"soon"}           | muster.dns.ttl 'soon': allowed is a whole number
            dns               | {"ttl":60}               | dns.ttl '60': allowed is a string
            attributes        | [1,                      | attributes '[1,': allowed is a JSON object
            attributes        | {"a":1}                  | attributes.a '1': allowed is a string
            """)
    void aBadValueIsRefusedByFieldValueAndWhatIsAllowed(String field, String value, String message) {
        Map<String, String> fields = new TreeMap<>(FieldsLayout.encode(PLAIN));
        fields.put(field, value);
        assertThatThrownBy(() -> FieldsLayout.decode(ID, fields))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        fields.putAll(FieldsLayout.encode(FULL));
        assertThat(FieldsLayout.decode(ID, fields)).isEqualTo(FULL);
    }

    @Test
    void hugeAndControlCharactersAreRefused() {
        Map<String, String> fields = new TreeMap<>(FieldsLayout.encode(PLAIN));
        fields.put("image", "a\nb");
        assertThatThrownBy(() -> FieldsLayout.decode(ID, fields))
                .hasMessage("image 'a\\u000ab': allowed is text without control characters");
        fields.put("image", "a".repeat(FieldsLayout.MAX_TEXT + 1));
        assertThatThrownBy(() -> FieldsLayout.decode(ID, fields))
                .hasMessageContaining("allowed are at most 1024 characters");
        fields.put("image", "a".repeat(FieldsLayout.MAX_TEXT));
        assertThat(FieldsLayout.decode(ID, fields).instance().image()).hasSize(FieldsLayout.MAX_TEXT);
        fields.put("attributes", "x".repeat(FieldsLayout.MAX_JSON + 1));
        assertThatThrownBy(() -> FieldsLayout.decode(ID, fields)).hasMessageContaining("attributes 'xxx");
    }
}
