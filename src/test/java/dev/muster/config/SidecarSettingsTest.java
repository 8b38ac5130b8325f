package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.AgentConfig.OnStop;
import dev.muster.model.UnitName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes an agent a sidecar, and which flags contradict each other. */
final class SidecarSettingsTest {

    /** Words such as {@code container=web-01}, as flags. */
    private static Map<String, String> flags(String words) {
        return Arrays.stream(("host=h1 " + words).strip().split(" ", -1))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(word -> word[0], word -> word[1]));
    }

    private static Settings settings(String words) {
        return new Settings(flags(words), Map.of(), ConfigFile.none());
    }

    private static AgentConfig config(String words) {
        return AgentSettings.from(settings(words));
    }

    @Test
    void theAgentOfAHostIsNoSidecar() {
        AgentConfig host = config("");

        assertThat(host.owner()).isEqualTo("h1");
        assertThat(host.sidecar()).isEmpty();
        assertThat(host.statics()).isEqualTo(StaticConfig.NONE);
        assertThat(host.onStop()).isEqualTo(OnStop.KEEP);
        assertThat(AgentSettings.http(settings("")).address()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            container=web-01                     | h1.web-01
            unit=web@01.service                  | h1.web-01
            unit=web@01                          | h1.web-01
            unit=db.service                      | h1.db
            container=front unit=web@01.service  | h1.front
            container=front agent-id=x           | x
            """)
    void aSidecarIsItsHostAndItsContainerUnlessToldOtherwise(String words, String owner) {
        assertThat(config(words).owner()).isEqualTo(owner);
    }

    @Test
    void aSidecarWithdrawsOnItsStopAndHasNoPagesUnlessAskedFor() {
        assertThat(config("container=web-01").onStop()).isEqualTo(OnStop.DRAIN);
        assertThat(config("container=web-01 on-stop=keep").onStop()).isEqualTo(OnStop.KEEP);
        assertThat(AgentSettings.http(settings("container=web-01"))).isEqualTo(HttpConfig.OFF);
        assertThat(AgentSettings.http(settings("container=web-01 http=127.0.0.1:1"))
                        .address())
                .contains(new HostPort("127.0.0.1", 1));
    }

    @Test
    void whatItIsToldStandsInItsSettings() {
        assertThat(config("container=front unit=web@01 service=web").sidecar())
                .contains(new SidecarConfig(
                        Optional.of("front"), Optional.of(new UnitName("web@01.service")), Optional.of("web")));
        assertThat(config("static=web/web01=8080,db/db1=10.0.0.9:5432/tcp static-file=/etc/x")
                        .statics())
                .isEqualTo(new StaticConfig(
                        List.of(StaticEntry.parse("web/web01=8080"), StaticEntry.parse("db/db1=10.0.0.9:5432/tcp")),
                        Optional.of(Path.of("/etc/x"))));
    }

    @Test
    void withoutAnEngineAUnitIsThatOfTheProcess() {
        AgentConfig process = config("docker=none unit=app@1.service static=app/app1=8080");

        assertThat(process.docker()).isEmpty();
        assertThat(process.owner()).isEqualTo("h1.app-1");
        assertThat(process.onStop()).isEqualTo(OnStop.DRAIN);
        assertThat(process.statics().entries()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service=web                                       | --service 'web': it names the service of one container: give --container or --unit too
            container=web-01 opt-in=true                      | --opt-in 'true': a sidecar's container is chosen by --container
            unit=web@01 opt-in=true                           | --opt-in 'true': a sidecar's container is chosen by --unit
            container=web-01 static=web/web01=80              | --static 'web/web01=80': a sidecar cares for one container: give it to another agent, or --unit with --docker none
            unit=web@01 static-file=/etc/x                    | --static-file '/etc/x': a sidecar cares for one container: give it to another agent, or --unit with --docker none
            docker=none                                       | --docker 'none': there is nothing to register: give --static or --static-file too
            docker=none unit=web@01                           | --docker 'none': there is nothing to register: give --static or --static-file too
            docker=none container=web-01 static=web/web01=80  | --container 'web-01': without an engine there are no containers: leave out --docker none
            docker=none unit=a service=web static=web/web01=1 | --service 'web': an entry of --static names its service itself: leave out --service
            static=web/web01=80,web/web01=81                  | --static 'web/web01=80,web/web01=81': web/web01 is given twice
            container=web-                                    | 'h1.web-' cannot be the name of an owner; give another with --agent-id
            """)
    void whatContradictsItselfIsRefused(String words, String sentence) {
        assertThatThrownBy(() -> config(words))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    /** One file serves all agents of a machine. */
    @Test
    void aLineForTheHostsAgentDoesNotConcernASidecar() {
        ConfigFile file = ConfigFile.parse(
                "/etc/muster.conf",
                List.of("opt-in = true", "static = web/web01=80", "resync = 30s"),
                Set.of("opt-in", "static", "resync"));
        AgentConfig host = AgentSettings.from(new Settings(flags(""), Map.of(), file));
        AgentConfig sidecar = AgentSettings.from(new Settings(flags("container=web-01"), Map.of(), file));

        assertThat(host.optIn()).isTrue();
        assertThat(host.statics().entries()).hasSize(1);
        assertThat(sidecar.optIn()).isFalse();
        assertThat(sidecar.statics()).isEqualTo(StaticConfig.NONE);
        assertThat(sidecar.resync()).as("but all else does").hasSeconds(30);
        assertThatThrownBy(() -> AgentSettings.from(
                        new Settings(flags("opt-in=true"), Map.of("MUSTER_CONTAINER", "web-01"), file)))
                .isInstanceOf(UsageException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            web/web01=8080             | web/web01 - 8080 HTTP
            web/2=10.1.2.3:80          | web/2 10.1.2.3 80 HTTP
            db/db1=5432/tcp            | db/db1 - 5432 TCP
            dns/a=10.1.2.3:53/udp      | dns/a 10.1.2.3 53 UDP
            """)
    void anEntryNamesAProcess(String text, String meant) {
        StaticEntry entry = StaticEntry.parse(text);

        assertThat("%s %s %d %s".formatted(entry.id(), entry.address().orElse("-"), entry.port(), entry.protocol()))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            web                     | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web=80                  | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01               | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01=              | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/a/b=80              | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01=localhost:80  | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01=1.2.3:80      | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01=80/sctp       | SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL]
            web/web01=70000         | 1 to 65535
            web/web01=0             | 1 to 65535
            web/..=80               | instance '..': allowed are
            gone/web01=80           | service 'gone' is reserved
            """)
    void whatIsNoEntryIsRefusedSayingWhatIs(String text, String said) {
        assertThatThrownBy(() -> StaticEntry.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }
}
