package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.registry.CrashPoint;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real agent dies at each of its crash points in turn. Its successor brings the keys to what runs within B, and nothing is
 * left under a lease that nobody renews once T is over; what is published and runs stays all the time. Each death has a prefix
 * and an owner of its own.
 */
@OnThisEngine
@Tag("fault-3")
class AgentKilledAtEveryStepIT {

    /** Long enough for a successor to come in time on a busy machine: what adopts must find the lease alive. */
    private static final Duration TTL = Duration.ofSeconds(10);

    private static final Duration OTHER_TTL = Duration.ofSeconds(9);
    private static final Duration B = TTL.plusSeconds(5);
    private static final String ROUTE = "--label=io.rancher.loadbalancer.target.target=shop.example=80";

    private static AgentBed bed;

    /**
     * What an agent does, and the points that it passes on its way, each as its property names it: at {@code publishing:2}
     * one of two instances is published. Where nothing passes a point, no agent dies of it and the test fails.
     */
    enum Way {
        /** Its first start. */
        REGISTER(
                "owner-read lease-granted owner-written lease-read publishing published publishing:2 announcing-routes routes-announced"),
        /** Its start after a predecessor died. */
        ADOPT("owner-read lease-adopted lease-read"),
        /** The same with another time to live. */
        ADOPT_WITH_OTHER_TTL("lease-adopted lease-granted owner-written moved moved:2"),
        /** The same, and somebody has put a key under its lease. */
        ADOPT_AND_SWEEP("sweeping swept"),
        /** Nothing but time passes. */
        RENEW("renewing renewed renewing:2"),
        /** A container ends. */
        WITHDRAW("withdrawing goodbye-lease-granted withdrawn"),
        /** A container ends and the lease is revoked while the agent stands still. */
        REGISTER_AGAIN("lease-granted:2 owner-written:3 saying-goodbye goodbye-said");

        private final String points;

        Way(String points) {
            this.points = points;
        }

        boolean adopts() {
            return name().startsWith("ADOPT");
        }
    }

    static Stream<Arguments> deaths() {
        return Arrays.stream(Way.values())
                .flatMap(way -> Arrays.stream(way.points.split(" ")).map(point -> arguments(way, point)));
    }

    @Test
    void noPointIsLeftOut() {
        assertThat(deaths().map(death -> ((String) death.get()[1]).replaceAll(":.*", "")))
                .containsAll(Arrays.stream(CrashPoint.values())
                        .map(CrashPoint::label)
                        .toList());
    }

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none", ROUTE);
        bed.container("web02", "--label=muster.check=none");
    }

    @AfterEach
    void endAgents() {
        bed.endAgents();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void itsSuccessorConvergesAndNothingIsLeftBehind(Way way, String point) {
        Scene scene = new Scene(way, point);
        scene.die();
        long died = System.nanoTime();
        bed.recorder.clear();
        MusterProcess successor = scene.agent(List.of());
        Awaitility.await("the keys equal the containers")
                .atMost(B)
                .pollInterval(Duration.ofMillis(100))
                .until(scene::converged);
        AgentBed.measured(scene.name + ": died, then converged", died, System.nanoTime());
        if (way == Way.WITHDRAW) {
            assertThat(bed.value(scene.tree() + "gone/web03")).contains("\"reason\":\"ended\"");
        }
        Awaitility.await("nothing is under another lease")
                .atMost(TTL.plusSeconds(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> scene.orphans().isEmpty());
        assertThat(scene.converged()).isTrue();
        assertThat(bed.recorder.all(scene.tree() + "web0"))
                .filteredOn(change -> change.deleted() && change.key().endsWith("/owner"))
                .as("what runs stays from then on")
                .allMatch(change -> change.key().contains("/web03/"));
        assertThat(successor.log()).doesNotContain("ERROR");
    }

    /** One death's prefix, owner and agents. */
    private static final class Scene {
        private final Way way;
        private final String point;
        private final String name;
        private final String prefix;

        Scene(Way way, String point) {
            this.way = way;
            this.point = point;
            this.name = "%s-%s".formatted(way, point).toLowerCase(Locale.ROOT).replaceAll("[_:]", "-");
            this.prefix = "/at/" + name;
        }

        String tree() {
            return prefix + "/" + bed.service + "/";
        }

        /** Until the agent has died at the point, as its exit code says. */
        void die() {
            boolean one = way == Way.WITHDRAW || way == Way.REGISTER_AGAIN;
            String third = one ? bed.container("web03", "--label=muster.check=none") : "";
            if (way.adopts()) {
                published(agent(List.of())).kill();
            }
            if (way == Way.ADOPT_AND_SWEEP) {
                bed.etcd.ctl("put", "--lease=" + lease(record()), tree() + "web01/elsewhere/by-hand", "x");
            }
            Duration ttl = way == Way.ADOPT_WITH_OTHER_TTL ? OTHER_TTL : TTL;
            MusterProcess dies = agent(List.of("env", "MUSTER_JAVA_OPTS=-D" + CrashPoint.PROPERTY + "=" + point), ttl);
            if (way == Way.WITHDRAW) {
                published(dies, "web03");
                DockerCli.docker("kill", third);
            } else if (way == Way.REGISTER_AGAIN) {
                published(dies, "web03").pause();
                DockerCli.docker("rm", "-f", third);
                bed.etcd.ctl("lease", "revoke", lease(record()));
                dies.unpause();
            } else if (way == Way.RENEW) {
                published(dies);
            }
            assertThat(dies.awaitExit())
                    .as("died at %s, which it passes", point)
                    .isEqualTo(CrashPoint.EXIT);
        }

        private MusterProcess published(MusterProcess agent, String... more) {
            Awaitility.await("published")
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> isUp("web01")
                            && isUp("web02")
                            && List.of(more).stream().allMatch(this::isUp));
            return agent;
        }

        MusterProcess agent(List<String> command) {
            return agent(command, TTL);
        }

        private MusterProcess agent(List<String> command, Duration ttl) {
            return bed.agentBy(command, ttl, "--agent-id=" + name, "--prefix=" + prefix);
        }

        boolean converged() {
            return isUp("web01")
                    && isUp("web02")
                    && bed.stored(tree() + "web03/").isEmpty()
                    && bed.stored(tree() + "web01/elsewhere/").isEmpty()
                    && !bed.value(prefix + "/target/routes/" + name).isEmpty();
        }

        private boolean isUp(String instance) {
            return bed.value(tree() + instance + "/state").equals("up")
                    && bed.value(tree() + instance + "/owner").equals(name);
        }

        private String record() {
            return "/muster/agents/" + name;
        }

        /** Keys below the prefix that are under another lease than the owner's record; goodbyes have their own. */
        List<String> orphans() {
            SortedMap<String, String> leases = leases(prefix + "/");
            String ours = lease(record());
            leases.keySet().removeIf(key -> key.contains("/gone/"));
            leases.values().removeIf(ours::equals);
            return List.copyOf(leases.keySet());
        }

        /** In the form that etcdctl takes, empty where there is no such key. */
        private static String lease(String key) {
            return leases(key).getOrDefault(key, "");
        }

        private static SortedMap<String, String> leases(String start) {
            SortedMap<String, String> leases = new TreeMap<>();
            String key = "";
            for (String line : bed.stored(start).lines().toList()) {
                String value = line.substring(line.indexOf(" : ") + 3);
                if (line.startsWith("\"Key\"")) {
                    key = value.substring(1, value.length() - 1);
                } else if (line.startsWith("\"Lease\"")) {
                    leases.put(key, Long.toHexString(Long.parseLong(value)));
                }
            }
            return leases;
        }
    }
}
