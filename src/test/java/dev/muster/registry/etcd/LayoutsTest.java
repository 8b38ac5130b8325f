package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.LayoutConfig;
import dev.muster.config.LayoutConfig.Kind;
import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutsTest {

    private static final InstanceId ID = new InstanceId("db", "db1");
    private static final Registration DB = of(ID, Map.of());

    private static Registration of(InstanceId id, Map<String, String> aliases) {
        return new Registration(
                new Instance(
                        id,
                        "host1",
                        new Addresses("192.0.2.1", "10.1.2.3"),
                        3306,
                        Protocol.TCP,
                        CheckSpec.TCP,
                        List.of(new Route("", "", 13306)),
                        50,
                        new Run("c1", "2026-01-01T00:00:00Z"),
                        "db.service",
                        "mysql",
                        "",
                        Map.of("container", "db1"),
                        aliases),
                "host1",
                InstanceState.UP,
                "");
    }

    private static Layouts layouts(Kind... kinds) {
        return new Layouts(
                new EtcdKeys("/services"),
                new LayoutConfig(EnumSet.copyOf(Arrays.asList(kinds)), "/registrator", "/skydns", "skydns.local"));
    }

    private static SortedMap<String, String> written(Layouts layouts, Registration registration) {
        SortedMap<String, String> written = new TreeMap<>(layouts.owned().write(registration));
        for (Layouts.Part part : layouts.beside(registration)) {
            if (part.refusal().isEmpty()) {
                written.putAll(part.keys());
            }
        }
        return written;
    }

    @Test
    void jsonIsOneKeyThatSaysAll() {
        SortedMap<String, String> written = written(layouts(Kind.JSON), DB);
        assertThat(written)
                .containsExactly(Map.entry(
                        "/services/db/db1",
                        "{\"attributes\":{\"container\":\"db1\"},\"check\":{\"type\":\"tcp\"},"
                                + "\"container_id\":\"c1\",\"host\":\"host1\",\"image\":\"mysql\",\"owner\":\"host1\","
                                + "\"port\":3306,\"private_ipv4_addr\":\"10.1.2.3\",\"protocol\":\"tcp\","
                                + "\"public_ipv4_addr\":\"192.0.2.1\",\"route\":[{\"port\":13306}],"
                                + "\"started_at\":\"2026-01-01T00:00:00Z\",\"state\":\"up\",\"unit\":\"db.service\","
                                + "\"weight\":50}"));
        assertThat(FieldsLayout.decode(
                        ID, JsonLayout.fields(written.get("/services/db/db1")).orElseThrow()))
                .isEqualTo(DB);
    }

    @Test
    void presenceIsFourKeysEachOnlyIfThereIsOne() {
        SortedMap<String, String> written = written(layouts(Kind.FIELDS, Kind.PRESENCE), DB);
        written.keySet().removeIf(key -> key.startsWith("/services/db/db1/"));
        assertThat(written)
                .containsExactly(
                        Map.entry("/services/db/instances/db1/host", "host1"),
                        Map.entry("/services/db/instances/db1/port", "3306"),
                        Map.entry("/services/db/instances/db1/private_ip", "10.1.2.3"),
                        Map.entry("/services/db/instances/db1/public_ip", "192.0.2.1"));
        Registration inside = Registrations.of(ID, "host1", 3306);
        assertThat(written(layouts(Kind.PRESENCE), inside)).doesNotContainKey("/services/db/instances/db1/public_ip");
    }

    @Test
    void registratorAndCoreDnsFindWhatTheyKnow() {
        assertThat(written(layouts(Kind.REGISTRATOR, Kind.FIELDS), DB))
                .containsEntry("/registrator/db/db1", "10.1.2.3:3306");
        assertThat(written(layouts(Kind.SKYDNS, Kind.FIELDS), DB))
                .containsEntry(
                        "/skydns/local/skydns/db/db1",
                        "{\"host\":\"10.1.2.3\",\"port\":3306,\"priority\":10,\"weight\":50,\"ttl\":10}");
    }

    @Test
    void aNameIsOneLabel() {
        assertThat(SkydnsLayout.label("web")).isEqualTo("web");
        assertThat(SkydnsLayout.label("web_1-a")).isEqualTo("web_1-a");
        assertThat(SkydnsLayout.label("Web")).matches("web-[0-9a-f]{8}");
        assertThat(SkydnsLayout.label("web.v1")).matches("web-v1-[0-9a-f]{8}");
    }

    @Test
    void namesThatDifferAreLabelsThatDifferAndFit() {
        Set<String> labels = new HashSet<>();
        List<String> names =
                List.of("a", "A", "a.b", "a-b", "A.b", "x".repeat(63), "x".repeat(64), "x".repeat(128), "X".repeat(63));
        names.forEach(name -> labels.add(SkydnsLayout.label(name)));
        assertThat(labels)
                .hasSameSizeAs(names)
                .allMatch(label -> label.length() <= 63)
                .allMatch(label -> label.matches("[a-z0-9_-]+"));
    }

    @Test
    void whatCannotSayThatItIsDownDoesNotNameIt() {
        Registration down = DB.withState(InstanceState.DOWN, "check");
        Layouts all = layouts(Kind.values());
        assertThat(written(all, down).keySet())
                .noneMatch(key -> key.contains("/instances/"))
                .noneMatch(key -> key.startsWith("/registrator") || key.startsWith("/skydns"))
                .contains("/services/db/db1", "/services/db/db1/state");
        assertThat(written(all, DB).keySet()).anyMatch(key -> key.startsWith("/skydns"));
    }

    @Test
    void oneEntryCarriesTheOwner() {
        assertThat(layouts(Kind.values()).owned().key(ID)).isEqualTo("/services/db/db1/owner");
        assertThat(layouts(Kind.PRESENCE, Kind.JSON).owned().key(ID)).isEqualTo("/services/db/db1");
        assertThat(layouts(Kind.PRESENCE, Kind.SKYDNS).owned().key(ID)).isEqualTo("/muster/claims/db/db1");
        assertThat(written(layouts(Kind.PRESENCE), DB)).containsKey("/muster/claims/db/db1");
    }

    @Test
    void mondbsKeyIsWrittenByteForByte() {
        Registration db = of(ID, Map.of("/services/db/db_private_ip", "{\"value\": \"10.1.2.3\"}"));
        for (Kind kind : Kind.values()) {
            assertThat(written(layouts(kind), db))
                    .containsEntry("/services/db/db_private_ip", "{\"value\": \"10.1.2.3\"}");
            OwnedLayout owned = layouts(kind).owned();
            assertThat(FieldsLayout.decode(ID, owned.fields(ID, owned.write(db))))
                    .isEqualTo(db);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /services/db/db1                | x                                        | another layout
            /registrator/db/db1             | x                                        | another layout
            /services/db/db1/port           | 1                                        | another layout
            /services/db/db2/port           | 1                                        | something else
            /services/db/gone/db2           | {}                                       | something else
            /services/db/instances/7/host   | x                                        | something else
            /services/rscloud/OS_PASSWORD   | x                                        | something else
            /services/db/ip                 | {"private_ipv4_addr":"10.0.0.1","port":1} | taken for an instance
            """)
    void anAliasThatReadersWouldTakeForSomethingElseIsNotWritten(String key, String value, String why) {
        Registration db = of(ID, Map.of(key, value, "/services/db/fine", "x"));
        Layouts all = layouts(Kind.values());
        assertThat(all.beside(db))
                .filteredOn(part -> part.refusal().isPresent())
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.keys()).containsOnlyKeys(key);
                    assertThat(part.refusal().orElseThrow()).contains(why);
                });
        assertThat(written(all, db)).containsEntry("/services/db/fine", "x").doesNotContainEntry(key, value);
    }

    /** The old keys may all have other names: then each is deleted, and each new one put. */
    @Test
    void theLargestRegistrationFitsIntoOneTransaction() {
        Map<String, String> aliases = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            aliases.put("/services/db/alias" + i, "x");
        }
        Layouts all = layouts(Kind.values());
        int puts = all.owned().possible(ID).size()
                + all.beside(of(ID, aliases)).stream()
                        .mapToInt(part -> part.keys().size())
                        .sum();
        assertThat(2 * puts + 1).isGreaterThan(40).isLessThanOrEqualTo(Transactions.MOST_OPERATIONS);
    }
}
