package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.model.Catalog;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.registry.Applied;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code set}, {@code unset}, and {@code get} of settings. */
class SettingCommandsTest {

    private static final String KEY = "-----BEGIN PRIVATE KEY-----\nYWJj\n-----END PRIVATE KEY-----\n";

    private final Called called = new Called();

    @Test
    void aSettingIsWrittenAndTheFormerValueTold() {
        assertThat(called.muster("set", "web", "dns_ttl", "60")).isEqualTo(ExitCode.DONE);
        assertThat(called.muster("set", "web", "dns_ttl", "30")).isEqualTo(ExitCode.DONE);
        assertThat(called.muster("set", "web", "dns_ttl", "30")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.settings).containsExactlyEntriesOf(new TreeMap<>(Map.of("web/dns_ttl", "30")));
        assertThat(called.muster("unset", "web", "dns_ttl")).isEqualTo(ExitCode.DONE);
        assertThat(called.muster("unset", "web", "dns_ttl")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.settings).isEmpty();
        assertThat(called.out().lines())
                .containsExactly(
                        "web dns_ttl = 60",
                        "web dns_ttl = 30 (was: 60)",
                        "web dns_ttl was that already: 30",
                        "web dns_ttl is not set any more (was: 30)",
                        "web dns_ttl was not set");
    }

    @Test
    void whoLeadsLaterIsToldOfANameThatNobodyAsksForAnyMore() {
        Applied haproxy = RecordedRoles.applied(
                "web", 17, List.of(Sample.entry("web", "web01", 8001, InstanceState.UP)), List.of());
        called.roles.records = List.of(
                haproxy,
                new Applied(
                        "web",
                        "route53",
                        "dns",
                        17,
                        haproxy.at(),
                        haproxy.targets(),
                        List.of(),
                        false,
                        haproxy.sizes(),
                        haproxy.leaving(),
                        0));
        assertThat(called.muster("unset", "web", "dns_name")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.released).as("a watcher leads, and sees it go").isEmpty();
        called.roles.leaders = List.of();
        assertThat(called.muster("unset", "web", "dns_ttl")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.released).isEmpty();
        assertThat(called.muster("unset", "web", "dns_name")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.released).singleElement().satisfies(release -> {
            assertThat(release.provider()).isEqualTo("route53");
            assertThat(release.targets()).containsExactly(new Target("10.0.0.1", 8001));
            assertThat(release.unasked()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        set web dns_ttl soon        | dns_ttl 'soon': allowed is a whole number
        set web nothing 1           | setting 'nothing': allowed are
        set web web01 {}            | setting 'web01': allowed are
        unset web web01             | setting 'web01': allowed are
        set route dns_ttl 1         | service 'route' is reserved
        set we/b dns_ttl 1          | service 'we/b': allowed are
        set web dns_ttl             | something is missing: usage is muster set SERVICE NAME
        """)
    void whatIsNoGoodIsRefusedAndNothingIsWritten(String words, String sentence) {
        assertThat(called.muster(words.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(called.err()).contains(sentence);
        assertThat(called.roles.settings).isEmpty();
    }

    @Test
    void aSecretComesFromAFileAndIsNeverShown(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("web.key"), KEY);
        assertThat(called.muster("set", "web", "ssl_key", "@" + file)).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.settings).containsEntry("web/ssl_key", KEY);
        called.muster("set", "web", "ssl_key", "rubbish");
        assertThat(called.muster("set", "web", "ssl_key", "@" + folder.resolve("none")))
                .isEqualTo(ExitCode.FAILED);
        catalog(Map.of("ssl_key", KEY));
        called.muster("get", "web");
        assertThat(called.out() + called.err())
                .contains("(set, not shown)")
                .contains("cannot read")
                .doesNotContain("YWJj")
                .doesNotContain("rubbish");
    }

    @Test
    void peopleSeeOneLineOfManyAndProgramsAll(@TempDir Path folder) throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";
        Path file = Files.writeString(folder.resolve("ca.pem"), pem);
        called.muster("set", "web", "server_tls_ca", "@" + file);
        catalog(Map.of("server_tls_ca", pem));
        called.muster("get", "web");
        assertThat(called.out())
                .contains("web server_tls_ca = -----BEGIN CERTIFICATE----- ... (3 lines)\n")
                .contains("server_tls_ca  -----BEGIN CERTIFICATE----- ... (3 lines)\n")
                .doesNotContain("YWJj");
        called.muster("get", "web", "--json");
        assertThat(called.out()).contains("YWJj");
    }

    @Test
    void programsGetBeforeAndAfter() throws Exception {
        called.roles.settings.put("web/dns_ttl", "60");
        called.muster("set", "web", "dns_ttl", "30", "--json");
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json.get("before").asText()).isEqualTo("60");
        assertThat(json.get("value").asText()).isEqualTo("30");
        assertThat(json.get("changed").asBoolean()).isTrue();
    }

    @Test
    void settingsAreShownAndWhatIsRefusedSaysWhy() throws Exception {
        catalog(Map.of("dns_ttl", "soon", "health_url", "/health", "somebodys", "own"));
        assertThat(called.muster("get", "web")).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines().map(String::strip))
                .contains("health_url  /health", "somebodys   own", "refused")
                .anyMatch(line -> line.startsWith("dns_ttl  dns_ttl 'soon': allowed is a whole number"));
    }

    private void catalog(Map<String, String> settings) {
        Catalog none = Sample.catalog(17);
        called.roles.catalog = Optional.of(new Catalog(
                17,
                none.registrations(),
                new TreeMap<>(Map.of("web", new TreeMap<>(settings))),
                none.goodbyes(),
                none.changedAt(),
                none.rejected()));
    }
}
