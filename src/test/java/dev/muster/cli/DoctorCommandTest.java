package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.config.AgentSettings;
import dev.muster.config.DoctorConfig;
import dev.muster.config.DoctorSettings;
import dev.muster.config.HttpSettings;
import dev.muster.config.Setting;
import dev.muster.config.WatcherSettings;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

    private final Called called = new Called();

    private static Check check(Area area, Consumer<Report> body) {
        return new Check() {
            @Override
            public Area area() {
                return area;
            }

            @Override
            public String name() {
                return "test";
            }

            @Override
            public void run(Report report) {
                body.accept(report);
            }
        };
    }

    private static final Check WELL = check(Area.DOCKER, report -> report.ok("engine", "it answers"));
    private static final Check WARNING =
            check(Area.HOST, report -> report.warn("disk", "it is nearly full", "make room"));
    private static final Check FAULT =
            check(Area.ETCD, report -> report.fail("endpoint", "it is away \u001b[2J", "start it"));

    @Test
    void whatIsWrongStandsWithItsMendAndEndsWithOne() {
        called.roles.checks = List.of(FAULT, WELL, WARNING);

        assertThat(called.muster("doctor", "--host", "node1")).isEqualTo(ExitCode.FAILED);
        assertThat(called.out().lines())
                .containsSubsequence("etcd", "  FAIL  it is away \\u001b[2J", "        -> start it")
                .containsSubsequence("docker", "  OK    it answers")
                .containsSubsequence("host", "  WARN  it is nearly full", "        -> make room")
                .endsWith("", "1 wrong, 1 to look at, 1 well");
        assertThat(called.out()).doesNotContain("\u001b");
        assertThat(called.err()).isEmpty();
    }

    @Test
    void warningsAloneAreNoFailure() {
        called.roles.checks = List.of(WELL, WARNING);

        assertThat(called.muster("doctor", "--host", "node1")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).endsWith("\nnothing is wrong, 1 to look at, 1 well\n");
    }

    @Test
    void programsGetOneObjectWhoseShapeIsPromised() throws Exception {
        called.roles.checks = List.of(FAULT, WELL);

        assertThat(called.muster("doctor", "--json", "--host", "node1")).isEqualTo(ExitCode.FAILED);
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json).isEqualTo(new JsonMapper().readTree("""
                {"healthy": false, "ok": 1, "warn": 0, "fail": 1, "findings": [
                  {"area": "etcd", "check": "endpoint", "level": "fail", "seen": "it is away \\u001b[2J", "mend": "start it"},
                  {"area": "docker", "check": "engine", "level": "ok", "seen": "it answers", "mend": ""}]}
                """));
        assertThat(called.out()).doesNotContain("\u001b");
    }

    @Test
    void onTerminalsThereAreColoursAndALineThatSaysWhatIsLookedAt() {
        called.roles.checks = List.of(FAULT);
        called.onScreen(true).muster("doctor", "--host", "node1");

        assertThat(called.out())
                .contains(
                        "looking at etcd ...",
                        "\r\u001b[2K",
                        "\u001b[1metcd\u001b[0m",
                        "\u001b[31m  FAIL  \u001b[0mit is away");
        Called plain = new Called().onScreen(false);
        plain.roles.checks = List.of(FAULT);
        plain.muster("doctor", "--host", "node1");
        assertThat(plain.out()).contains("looking at etcd ...").doesNotContain("\u001b[31m");
    }

    @Test
    void onlyWhatIsAskedForIsLookedAt() {
        called.roles.checks = List.of(FAULT, WELL, WARNING);

        assertThat(called.muster("doctor", "--only", "docker,host", "--host", "node1"))
                .isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("it answers", "nearly full").doesNotContain("away");

        assertThat(called.muster("doctor", "--only", "dokcer")).isEqualTo(ExitCode.USAGE);
        assertThat(called.err())
                .isEqualTo(
                        "muster: --only 'dokcer': allowed is containers, docker, etcd, haproxy, host, registry, templates;"
                                + " did you mean docker?\n");
    }

    @Test
    void everyAreaMayBeAskedForAlone() {
        for (Area area : Area.values()) {
            assertThat(called.muster("doctor", "--only", area.text(), "--host", "node1"))
                    .isEqualTo(ExitCode.DONE);
        }
        assertThat(Arrays.stream(Area.values()).map(Area::text))
                .allMatch(area -> DoctorSettings.ONLY.description().contains(area));
    }

    @Test
    void hundredsOfContainersAreCutShortForPeopleAndNotForPrograms() throws Exception {
        Check many = check(Area.CONTAINERS, report -> {
            for (int i = 0; i < 50; i++) {
                report.ok("published", "c" + i);
                report.warn("refused", "r" + i, "mend it");
            }
        });
        called.roles.checks = List.of(many);

        called.muster("doctor", "--host", "node1");
        assertThat(called.out().lines())
                .contains("  OK    c19", "        published: 30 more, which --json lists", "  WARN  r49")
                .doesNotContain("  OK    c20");
        Called json = new Called();
        json.roles.checks = List.of(many);
        json.muster("doctor", "--json", "--host", "node1");
        assertThat(new JsonMapper().readTree(json.out()).get("findings")).hasSize(100);
    }

    @Test
    void itTakesWhateverAgentAndWatcherTake() {
        List<String> taken = DoctorSettings.all().stream().map(Setting::name).toList();
        assertThat(taken).doesNotHaveDuplicates();
        assertThat(Stream.of(AgentSettings.all(), WatcherSettings.all())
                        .flatMap(List::stream)
                        .map(Setting::name))
                .allMatch(taken::contains);
    }

    @Test
    void itLooksWhereTheFileOfSettingsPoints(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("muster.conf"), """
                etcd-endpoints = http://10.0.0.5:2379
                haproxy-run = true
                haproxy-binary = no-such-haproxy
                agent-id = a1
                host = node1
                """);

        assertThat(called.muster("doctor", "--config", file.toString())).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.told)
                .filteredOn(DoctorConfig.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(DoctorConfig.class, config -> {
                    assertThat(config.agent().etcd().endpoints().getFirst()).hasHost("10.0.0.5");
                    assertThat(config.agent().owner()).isEqualTo("a1");
                    assertThat(config.watcher().haproxy().binary()).isEqualTo("no-such-haproxy");
                    assertThat(config.haproxyAsked()).isTrue();
                    assertThat(config.engineAsked()).isFalse();
                    assertThat(config.agentHttp()).isNotEqualTo(config.watcherHttp());
                });
        // A watcher refuses the same: there it is no finding.
        assertThat(called.muster("watcher", "--config", file.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void onePlaceForPagesIsOfEitherRole() {
        called.muster("doctor", "--http", "127.0.0.1:99", "--docker", "tcp://h:1", "--host", "node1");
        assertThat(called.roles.told)
                .filteredOn(DoctorConfig.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(DoctorConfig.class, config -> {
                    assertThat(config.agentHttp()).isEqualTo(config.watcherHttp());
                    assertThat(config.engineAsked()).isTrue();
                    assertThat(config.haproxyAsked()).isFalse();
                });
        assertThat(HttpSettings.EITHER.name()).isEqualTo(HttpSettings.WATCHER.name());
    }
}
