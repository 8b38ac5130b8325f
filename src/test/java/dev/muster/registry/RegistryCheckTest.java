package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import dev.muster.model.Candidates;
import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.plan.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegistryCheckTest {

    private final FakeProgress progress = new FakeProgress();
    private final List<Roster.Agent> agents = new ArrayList<>();
    private final TreeMap<InstanceId, Registration> registrations = new TreeMap<>();
    private final TreeMap<String, String> rejected = new TreeMap<>();
    private final TreeMap<String, SortedMap<String, String>> settings = new TreeMap<>();
    private boolean silent;

    private List<String> look() throws InterruptedException {
        return Seen.by(new RegistryCheck(new RegistryCheck.Registry() {
            @Override
            public Catalog catalog() throws RegistryException {
                if (silent) {
                    throw new RegistryException("etcd has not answered");
                }
                return new Catalog(17, registrations, settings, new TreeMap<>(), new TreeMap<>(), rejected);
            }

            @Override
            public Roster roster() {
                return () -> agents;
            }

            @Override
            public Progress progress() {
                return progress;
            }
        }));
    }

    private static Registration ownedBy(String owner) {
        return new Registration(Candidates.of("web", "web01", "c1").instance(), owner, InstanceState.UP, "");
    }

    @Test
    void aSettingThatAnotherProgramWroteBadlyIsAWarningWithWhatIsAllowed() throws Exception {
        settings.put("web", new TreeMap<>(Map.of("dns_ttl", "soon", "health_url", "/health")));
        assertThat(look())
                .filteredOn(line -> line.contains(" settings: "))
                .singleElement()
                .asString()
                .startsWith("WARN settings: of service web the setting dns_ttl 'soon': allowed is a whole number")
                .endsWith(
                        "its last good value stays in force -> muster set web dns_ttl VALUE, or muster unset web dns_ttl");
    }

    @Test
    void aFleetThatIsWellIsTold() throws Exception {
        agents.add(new Roster.Agent("host1", "host1", "0.1.0", "reachable"));
        progress.announce(new Progress.Watcher("lb1", "lb1", "0.1.0", List.of("haproxy"), Map.of()));

        assertThat(look())
                .containsExactly(
                        "OK catalog: 0 instances of 0 services at revision 17",
                        "OK entries: no entry is set aside",
                        "OK agents: agent host1 on host host1, muster 0.1.0, its engine is reachable",
                        "OK watchers: watcher lb1 on host lb1, muster 0.1.0, keeps haproxy");
    }

    @Test
    void aFreshOneIsWellButForItsAgentsAndWatchers() throws Exception {
        assertThat(look())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("WARN agents: no agent is there") && line.contains("-> start one"))
                .anyMatch(line -> line.startsWith("WARN watchers: no watcher is there"));
    }

    @Test
    void whatIsSetAsideIsTold() throws Exception {
        rejected.put("/services/web/web01/port", "port 'x': allowed is 1 to 65535");

        assertThat(look())
                .anyMatch(line -> line.startsWith(
                        "WARN entries: /services/web/web01/port is set aside: port 'x': allowed is 1 to 65535 ->"))
                .anyMatch(line -> line.endsWith("etcdctl get --prefix /services/web/web01/port shows it"))
                .noneMatch(line -> line.contains("no entry is set aside"));

        rejected.clear();
        rejected.put("/services/web/$(reboot)/port", "its name is odd");
        assertThat(look())
                .filteredOn(line -> line.startsWith("WARN entries"))
                .singleElement()
                .asString()
                .doesNotContain("etcdctl"); // nobody shall copy that
    }

    @Test
    void ofVeryManyThatAreSetAsideSomeAreTold() throws Exception {
        for (int i = 0; i < 1000; i++) {
            rejected.put("/services/web/deep/a/" + i, "this key has no meaning in any layout");
        }
        assertThat(look())
                .filteredOn(line -> line.startsWith("WARN entries"))
                .hasSize(21)
                .last()
                .isEqualTo("WARN entries: 980 more entries are set aside -> muster ls --rejected lists all of them");
    }

    @Test
    void anAgentWithoutItsEngineAndAnOwnerWithoutAgentAreTold() throws Exception {
        agents.add(new Roster.Agent("host1", "host1", "0.1.0", "unreachable"));
        Registration orphan = ownedBy("host9");
        registrations.put(orphan.id(), orphan);

        assertThat(look())
                .anyMatch(line ->
                        line.startsWith("WARN agents: agent host1") && line.endsWith("muster doctor --only docker"))
                .anyMatch(line -> line.startsWith("WARN entries: 1 instances belong to 'host9'"));
        agents.add(new Roster.Agent("host9", "host9", "0.1.0", "reachable"));
        assertThat(look()).noneMatch(line -> line.startsWith("WARN entries"));
    }

    @Test
    void holdsAndRecordsOfTheDepartedAreTold() throws Exception {
        Registration one = ownedBy("host1");
        progress.write(new Applied(
                "web",
                "haproxy",
                "lb9",
                3,
                Instant.EPOCH,
                List.of(),
                List.of(new Hold(one.id(), one.instance().target(), Instant.EPOCH, "it answers")),
                true,
                new TreeMap<>(),
                Applied.Leaving.NOTHING,
                0));

        assertThat(look())
                .contains(
                        "WARN held: 1 removals are held back -> muster plan says which, and why; muster release lets them go")
                .anyMatch(line -> line.startsWith("WARN held: of 1 services more than half fail"))
                .anyMatch(line -> line.startsWith("WARN watchers: watcher 'lb9' is gone and has left 1 records"));
    }

    @Test
    void aRegistryThatIsNotReadIsAFault() throws Exception {
        silent = true;
        assertThat(look())
                .containsExactly("FAIL catalog: the registry was not read: etcd has not answered"
                        + " -> see what is said of etcd: muster doctor --only etcd");
    }
}
