package dev.muster.source;

import static dev.muster.source.Rows.RULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.SidecarConfig;
import dev.muster.config.StaticConfig;
import dev.muster.config.StaticEntry;
import dev.muster.model.Addresses;
import dev.muster.model.Candidate;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.model.UnitName;
import dev.muster.reconcile.FakeTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that run in no container, as instances. */
final class ProcessesTest {

    private static Processes processes(HostRules rules, long seed, String... entries) {
        StaticConfig config =
                new StaticConfig(Arrays.stream(entries).map(StaticEntry::parse).toList(), Optional.empty());
        FakeTime time = new FakeTime();
        return new Processes(
                rules, new StaticFile(config, all -> Processes.check(all, rules), time), time, new Random(seed));
    }

    private static Candidate only(Processes processes) {
        List<Candidate> candidates = processes.candidates();
        assertThat(candidates).hasSize(1);
        return candidates.getFirst();
    }

    private static Registration registered(Candidate candidate) {
        return new Registration(candidate.instance(), "h1", InstanceState.UP, "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            web/web01=8080               | 203.0.113.7,10.1.2.3 | 10.1.2.3:8080     | TCP
            web/web01=10.1.2.3:8080      | ,10.1.2.3            | 10.1.2.3:8080     | TCP
            web/web01=203.0.113.7:8080   | 203.0.113.7,         | 203.0.113.7:8080  | TCP
            web/web01=10.9.9.9:8080/tcp  | ,10.9.9.9            | 10.9.9.9:8080     | TCP
            web/web01=198.51.100.1:80    | 198.51.100.1,        | 198.51.100.1:80   | TCP
            web/web01=[fd00::9]:80/tcp   | ,                    | [fd00::9]:80      | TCP
            web/web01=53/udp             | 203.0.113.7,10.1.2.3 | 10.1.2.3:53       | NONE
            """)
    void isReachedAndCheckedAtItsAddress(String entry, String addresses, String checkAt, CheckSpec.Kind check) {
        Candidate candidate = only(processes(RULES, 1, entry));
        Instance instance = candidate.instance();

        assertThat(instance.addresses().publicIpv4() + ","
                        + instance.addresses().privateIpv4())
                .isEqualTo(addresses);
        assertThat(candidate.checkAt()).isEqualTo(Target.parse(checkAt));
        assertThat(instance.check().kind()).isEqualTo(check);
        assertThat(instance.host()).isEqualTo("h1");
    }

    @Test
    void whereNoOtherMachineReachesItItIsRefusedUnlessThatIsTheHostsAddress() {
        assertThatThrownBy(() -> processes(RULES, 1, "web/web01=127.0.0.1:80"))
                .hasMessage(
                        "--static: web/web01: no other machine reaches it at 127.0.0.1: name an address of this host, or none");
        assertThatThrownBy(() -> processes(RULES, 1, "web/web01=0.0.0.0:80")).hasMessageContaining("0.0.0.0");
        assertThat(only(processes(Rows.LOCAL, 1, "web/web01=127.0.0.1:80"))
                        .instance()
                        .addresses())
                .isEqualTo(new Addresses("", "127.0.0.1"));
    }

    @Test
    void theUnitOfASidecarIsTheProcesses() {
        HostRules rules = RULES.ofSidecar(
                new SidecarConfig(Optional.empty(), Optional.of(new UnitName("app@1.service")), Optional.empty()));

        assertThat(only(processes(rules, 1, "app/1=80")).instance().unit()).isEqualTo("app@1.service");
        assertThat(only(processes(RULES, 1, "app/1=80")).instance().unit()).isEmpty();
    }

    @Test
    void aRunGoesOnAsLongAsTheAgentAndOverItsRestart() {
        Processes first = processes(RULES, 1, "web/web01=80");
        Candidate candidate = only(first);
        assertThat(only(first)).isEqualTo(candidate);
        assertThat(candidate.instance().run().containerId()).startsWith("static-");

        Processes second = processes(RULES, 2, "web/web01=80");
        second.known(registered(candidate));
        assertThat(only(second)).as("nothing is to be written").isEqualTo(candidate);

        assertThat(only(processes(RULES, 2, "web/web01=80")).instance().run())
                .as("of which nothing is published any more")
                .isNotEqualTo(candidate.instance().run());
    }

    @Test
    void atAnotherEndpointItIsAnotherRun() {
        Candidate before = only(processes(RULES, 1, "web/web01=80"));
        for (String moved : List.of("web/web01=81", "web/web01=10.1.2.3:80")) {
            Processes after = processes(RULES, 2, moved);
            after.known(registered(before));
            assertThat(only(after).instance().run())
                    .as(moved)
                    .isNotEqualTo(before.instance().run());
        }
    }

    @Test
    void theRunOfAContainerIsNotGoneOnWith() {
        Candidate candidate = only(processes(RULES, 1, "web/web01=80"));
        Instance was = candidate.instance();
        Run container = new Run("c".repeat(64), "2026-11-20T10:00:00Z");
        Processes after = processes(RULES, 2, "web/web01=80");
        after.known(registered(new Candidate(
                new Instance(
                        was.id(),
                        was.host(),
                        was.addresses(),
                        was.port(),
                        was.protocol(),
                        was.check(),
                        was.routes(),
                        was.weight(),
                        container,
                        "",
                        "",
                        "",
                        was.attributes(),
                        was.aliases()),
                candidate.checkAt(),
                false)));

        assertThat(only(after).instance().run()).isNotEqualTo(container);
    }

    @Test
    void ofAContainerAndAnEntryThatClaimOneIdTheEntryKeepsIt() {
        Container container = SampleContainers.named("a")
                .label("muster.service", "web")
                .label("muster.instance", "web01")
                .tcp(80, 8080)
                .build();
        Registrations.Result named = new Registrations(RULES).of(List.of(container));
        List<Candidate> entries =
                processes(RULES, 1, "web/web01=80", "web/web02=80").candidates();
        Registrations.Result all = named.with(entries);

        assertThat(named.refused()).isEmpty();
        assertThat(all.candidates().values()).containsExactlyElementsOf(entries);
        assertThat(all.refused())
                .containsOnly(java.util.Map.entry("a", "web/web01 is claimed by a static entry too, which keeps it"));
    }
}
