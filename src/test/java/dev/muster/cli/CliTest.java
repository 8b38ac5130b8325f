package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.AgentConfig;
import dev.muster.config.HttpConfig;
import dev.muster.config.LogSettings;
import dev.muster.config.UsageException;
import dev.muster.config.Version;
import dev.muster.config.WatcherConfig;
import dev.muster.registry.RegistryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

    private final Called called = new Called();

    @Test
    void theVersionIsTold() {
        assertThat(called.muster("version")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).isEqualTo("muster " + Version.current() + "\n");
        assertThat(Version.current()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    }

    @Test
    void anAgentIsToldWhatWasSet() {
        assertThat(called.muster("agent", "--host", "node1", "--ttl=30s", "--opt-in", "--http", "none"))
                .isEqualTo(ExitCode.DONE);
        assertThat(called.roles.told.getFirst()).isEqualTo(LogSettings.Level.INFO);
        AgentConfig config = (AgentConfig) called.roles.told.get(1);
        assertThat(config.host()).isEqualTo("node1");
        assertThat(config.ttl()).hasSeconds(30);
        assertThat(config.optIn()).isTrue();
        assertThat(called.roles.told.get(2)).isEqualTo(HttpConfig.OFF);
    }

    @Test
    void aListMayAlsoBeGivenByRepeatingItsFlag() {
        assertThat(called.muster(
                        "agent", "--host=node1", "--static=web/a=1", "--static", "web/b=2,web/c=3", "--docker=none"))
                .isEqualTo(ExitCode.DONE);
        AgentConfig config = (AgentConfig) called.roles.told.get(1);
        assertThat(config.statics().entries())
                .extracting(entry -> entry.id().instance())
                .containsExactly("a", "b", "c");
    }

    @Test
    void aSidecarHasNoPagesUnlessItIsGivenSome() {
        assertThat(called.muster("agent", "--host=node1", "--container=web-01")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.told.get(2)).isEqualTo(HttpConfig.OFF);
        assertThat(called.muster("agent", "--host=node1", "--container=web-01", "--http=127.0.0.1:0"))
                .isEqualTo(ExitCode.DONE);
        assertThat(called.roles.told.getLast()).isNotEqualTo(HttpConfig.OFF);
    }

    @Test
    void aWatcherIsToldWhatTheEnvironmentAndTheFileSay(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("muster.conf"), """
                # for both roles
                on-stop = drain
                haproxy-bind = *:80
                host = from-file
                """);
        called.environment(Map.of("MUSTER_HOST", "node2", "MUSTER_CONFIG", file.toString()));

        assertThat(called.muster("watcher")).isEqualTo(ExitCode.DONE);
        WatcherConfig config = (WatcherConfig) called.roles.told.get(1);
        assertThat(config.watcher()).isEqualTo("node2");
        assertThat(config.haproxy().binds()).containsExactly("*:80");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            agnt                             | unknown command agnt; did you mean agent?
            frobnicate                       | unknown command frobnicate; 'muster --help' lists the commands
            --ttl                            | unknown flag --ttl; 'muster --help' lists the commands
            agent --etcd-endpoint x          | unknown flag --etcd-endpoint; did you mean --etcd-endpoints?
            agent --colour=red               | unknown flag --colour; 'muster agent --help' lists them all
            agent --ttl                      | --ttl needs a value: --ttl DURATION
            agent --ttl 5s --ttl 6s          | --ttl is given twice
            agent --ttl 2s                   | --ttl '2s': allowed is 3s to 300s
            agent web                        | web is too much: usage is muster agent [FLAGS]
            agent --on-stop stop             | --on-stop 'stop': allowed are keep, drain
            watcher --dry-run=yes            | --dry-run 'yes': allowed are true, false
            watcher --provider nginx         | --provider 'nginx': allowed is haproxy, route53, template
            watcher --ambassador postgres    | --ambassador 'postgres': allowed is SERVICE:PORT, such as postgres:5432
            watcher --ambassador a:1,b:1     | --ambassador 'a:1,b:1': port 1 is given twice
            watcher --ambassador a:1,a:2     | --ambassador 'a:1,a:2': service a is given twice
            watcher --master-only            | --master-only 'true': it is about ambassadors: give --ambassador too
            watcher --exclude-instance 1     | --exclude-instance '1': it is about ambassadors: give --ambassador too
            agent --config /nowhere/x.conf   | --config '/nowhere/x.conf': there is no such file
            agent --config /                 | --config '/': the file cannot be read (it is a directory)
            get                              | something is missing: usage is muster get SERVICE[/INSTANCE] [FLAGS]
            get a b c                        | c is too much: usage is muster get SERVICE[/INSTANCE] [FLAGS]
            """)
    void aWrongCallIsOneSentenceAndExitCodeTwo(String words, String sentence) {
        assertThat(called.muster(words.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(called.err()).isEqualTo("muster: " + sentence + "\n");
        assertThat(called.out()).isEmpty();
        assertThat(called.roles.told).noneMatch(AgentConfig.class::isInstance);
    }

    @Test
    void anUnknownKeyInTheFileIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "json = true\nlog-levl = debug\n");

        assertThat(called.muster("agent", "--config", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(called.err())
                .isEqualTo("muster: %s:2: unknown key 'log-levl'; did you mean log-level?\n".formatted(file));
    }

    @Test
    void nothingAtAllIsWrongUsageAndHelpIsNot() {
        assertThat(called.muster()).isEqualTo(ExitCode.USAGE);
        assertThat(called.err()).contains("Usage: muster COMMAND").contains("  watcher  ");
        assertThat(called.out()).isEmpty();

        assertThat(called.muster("--help")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).isEqualTo(called.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "watcher", "dev", "ls", "get", "plan", "doctor", "warm", "version"})
    void everyHelpEndsWithAnExampleOfThatCommand(String command) {
        assertThat(called.muster(command, "--help")).isEqualTo(ExitCode.DONE);
        String text = called.out();
        assertThat(text.lines().toList().getLast()).startsWith("  muster " + command);
        assertThat(text).contains("Usage: muster " + command, "--config", "--log-level", "--help");

        assertThat(called.muster("help", command)).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).isEqualTo(text + text);
    }

    @Test
    void everyExampleIsItselfAllowed() {
        for (Command command : Cli.commands()) {
            for (String example : command.examples()) {
                List<String> words = List.of(example.replace("'", "").split(" "));
                assertThat(words.subList(0, 2)).containsExactly("muster", command.name());
                assertThat(Syntax.of(command)
                                .parse(words.subList(2, words.size()))
                                .help())
                        .isFalse();
            }
        }
    }

    @Test
    void aRolesOwnExitCodeIsTheProgramsExitCode() {
        called.roles.outcome = () -> 3;
        assertThat(called.muster("agent", "--host", "node1")).isEqualTo(3);
    }

    @Test
    void whatAMachineRefusesIsOneSentenceAndADefectIsNot() {
        called.roles.outcome = () -> {
            throw new UsageException("--http '127.0.0.1:1': that port is in use");
        };
        assertThat(called.muster("agent", "--host", "node1")).isEqualTo(ExitCode.USAGE);
        called.roles.outcome = () -> {
            throw new RegistryException("etcd is not there");
        };
        assertThat(called.muster("agent", "--host", "node1")).isEqualTo(ExitCode.FAILED);
        called.roles.outcome = () -> {
            throw new IllegalStateException("another muster agent named 'node1' runs");
        };
        assertThat(called.muster("agent", "--host", "node1")).isEqualTo(ExitCode.FAILED);

        assertThat(called.err().lines())
                .containsExactly(
                        "muster: --http '127.0.0.1:1': that port is in use",
                        "muster: etcd is not there",
                        "muster: another muster agent named 'node1' runs");
    }

    @Test
    void aSwitchMayStandBeforeAnOperandAndMayBeSwitchedOff() {
        Syntax ls = Syntax.of(new ListCommand());

        Syntax.Words words = ls.parse(List.of("--json", "web", "--watch=false"));
        assertThat(words.operands()).containsExactly("web");
        assertThat(words.flags()).isEqualTo(Map.of("json", "true", "watch", "false"));
    }
}
