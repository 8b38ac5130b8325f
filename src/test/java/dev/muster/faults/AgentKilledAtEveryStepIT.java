package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.CrashPoint;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real agent dies at each of its crash points in turn. Its successor brings the keys to what runs within B, and nothing is
 * left under a lease that nobody renews once T is over. Each point has a prefix and an owner of its own.
 */
@Tag("fault-3")
class AgentKilledAtEveryStepIT {

    /** Long enough for a successor to come in time on a busy machine: what adopts must find the lease alive. */
    private static final Duration TTL = Duration.ofSeconds(10);

    private static final Duration OTHER_TTL = Duration.ofSeconds(9);
    private static final Duration B = TTL.plusSeconds(5);
    private static final String ROUTE = "--label=io.rancher.loadbalancer.target.target=shop.example=80";

    private static AgentBed bed;

    /** What leads an agent past a point. */
    private enum Way {
        /** Its first start. */
        START,
        /** Its start after a predecessor died. */
        ADOPT,
        /** The same with another time to live. */
        ADOPT_WITH_OTHER_TTL,
        /** The same, and somebody has put a key under its lease. */
        ADOPT_AND_SWEEP,
        /** A container is stopped. */
        STOP,
        /** A container ends and the lease is revoked while the agent stands still. */
        LATE
    }

    private static Way way(CrashPoint point) {
        return switch (point) {
            case OWNER_READ,
                    LEASE_GRANTED,
                    OWNER_WRITTEN,
                    LEASE_READ,
                    PUBLISHING,
                    PUBLISHED,
                    RENEWING,
                    RENEWED,
                    ANNOUNCING_ROUTES,
                    ROUTES_ANNOUNCED -> Way.START;
            case LEASE_ADOPTED -> Way.ADOPT;
            case MOVED -> Way.ADOPT_WITH_OTHER_TTL;
            case SWEEPING, SWEPT -> Way.ADOPT_AND_SWEEP;
            case WITHDRAWING, GOODBYE_LEASE_GRANTED, WITHDRAWN -> Way.STOP;
            case SAYING_GOODBYE, GOODBYE_SAID -> Way.LATE;
        };
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
    @EnumSource
    void itsSuccessorConvergesAndNothingIsLeftBehind(CrashPoint point) {
        Scene scene = new Scene(point);
        scene.die();
        long died = System.nanoTime();
        MusterProcess successor = scene.agent(List.of());
        Awaitility.await("the keys equal the containers")
                .atMost(B)
                .pollInterval(Duration.ofMillis(100))
                .until(scene::converged);
        AgentBed.measured(point.label() + ": died, then converged", died, System.nanoTime());
        if (way(point) == Way.STOP) {
            assertThat(bed.value(scene.tree() + "gone/web03")).contains("\"reason\":\"ended\"");
        }
        Awaitility.await("nothing is under another lease")
                .atMost(TTL.plusSeconds(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> scene.orphans().isEmpty());
        assertThat(scene.converged()).isTrue();
        assertThat(successor.log()).doesNotContain("ERROR");
    }

    /** One point's prefix, owner and agents. */
    private static final class Scene {
        private final CrashPoint point;
        private final Way way;
        private final String prefix;

        Scene(CrashPoint point) {
            this.point = point;
            this.way = way(point);
            this.prefix = "/at/" + point.label();
        }

        String tree() {
            return prefix + "/" + bed.service + "/";
        }

        /** Until the agent has died at the point, as its exit code says. */
        void die() {
            String third = "";
            if (way == Way.STOP || way == Way.LATE) {
                third = bed.container("web03", "--label=muster.check=none");
            }
            if (way.name().startsWith("ADOPT")) {
                published(agent(List.of())).kill();
            }
            if (way == Way.ADOPT_AND_SWEEP) {
                bed.etcd.ctl("put", "--lease=" + lease(record()), tree() + "web01/elsewhere/by-hand", "x");
            }
            Duration ttl = way == Way.ADOPT_WITH_OTHER_TTL ? OTHER_TTL : TTL;
            MusterProcess dies =
                    agent(List.of("env", "MUSTER_JAVA_OPTS=-D" + CrashPoint.PROPERTY + "=" + point.label()), ttl);
            if (way == Way.STOP) {
                published(dies, "web03");
                DockerCli.docker("kill", third);
            } else if (way == Way.LATE) {
                published(dies, "web03").pause();
                DockerCli.docker("rm", "-f", third);
                bed.etcd.ctl("lease", "revoke", lease(record()));
                dies.unpause();
            }
            assertThat(dies.awaitExit()).as("died at " + point).isEqualTo(CrashPoint.EXIT);
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
            return bed.agentBy(command, ttl, "--agent-id=" + point.label(), "--prefix=" + prefix);
        }

        boolean converged() {
            return isUp("web01")
                    && isUp("web02")
                    && bed.stored(tree() + "web03/").isEmpty()
                    && bed.stored(tree() + "web01/elsewhere/").isEmpty()
                    && !bed.value(prefix + "/target/routes/" + point.label()).isEmpty();
        }

        private boolean isUp(String instance) {
            return bed.value(tree() + instance + "/state").equals("up")
                    && bed.value(tree() + instance + "/owner").equals(point.label());
        }

        private String record() {
            return "/muster/agents/" + point.label();
        }

        /** Keys below the prefix that are under another lease than the owner's record; goodbyes have their own. */
        List<String> orphans() {
            SortedMap<String, String> leases = leases(prefix + "/");
            String ours = lease(record());
            leases.keySet().removeIf(key -> key.startsWith(tree() + "gone/"));
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
