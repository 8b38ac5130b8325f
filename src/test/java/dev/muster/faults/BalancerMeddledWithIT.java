package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.SmallDisk;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people and accidents do to a balancer and its watcher, seen by those who ask it all the time. */
@OnThisEngine
class BalancerMeddledWithIT {

    private static final int KILLS = 3;

    private static SmallDisk disk;
    private static AgentBed bed;
    private static BalancerBed behind;

    @BeforeAll
    static void start() throws Exception {
        disk = new SmallDisk();
        bed = new AgentBed();
        behind = new BalancerBed(bed, new HaproxyFixture(disk.folder("haproxy")));
    }

    @AfterAll
    static void stop() throws Exception {
        behind.close();
        disk.close();
    }

    /** As HAProxy names it: {@code service/instance:address:port}. */
    private static String server(String instance) throws Exception {
        String start = bed.service + "," + instance + ":";
        return behind.haproxy
                .ask("show stat")
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> bed.service + "/" + line.split(",", -1)[1])
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("fault-39")
    void whatAPersonChangesOfItsOwnIsRepairedAndWhatIsTheirsStays() throws Exception {
        String file = behind.haproxy.text();
        String edited = file.replace("retries 4", "retries 0");
        assertThat(edited).isNotEqualTo(file);
        behind.whileAsked(() -> {
            double changes = behind.watcher.metric("muster_changes_total");
            behind.haproxy.ask("set server %s weight 3".formatted(server("web01")));
            behind.haproxy.ask("add server %s/theirs 127.0.0.1:9".formatted(bed.service));
            await("its weight is right again")
                    .atMost(BalancerBed.BOUND)
                    .until(() ->
                            behind.watcher.metric("muster_changes_total") > changes && behind.weight("web01") == 100);
            assertThat(behind.haproxy.ask("show stat")).contains(bed.service + ",theirs,");

            Files.writeString(behind.haproxy.path("haproxy.cfg"), edited);
            assertThat(behind.haproxy.reload()).isTrue();
            await("the file is right again")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> behind.haproxy.text().equals(file));
        });
    }

    @Test
    @Tag("fault-40")
    void aCheckThatFailsKeepsTheFileAndServersComeAndGoAllTheSame() throws Exception {
        String other = bed.service + "-other";
        behind.whileAsked(() -> {
            behind.haproxy.snippet("bad.cfg", "frontend bad\n    bogus keyword\n");
            String container = behind.other(other);
            await("it is seen").atMost(BalancerBed.BOUND).until(() -> behind.watcher.status("/health/ready") == 503);
            behind.end(behind.balanced("begun"), "begun");
            assertThat(behind.haproxy.text()).doesNotContain(other);
            assertThat(behind.status(other)).isEqualTo(503);
            assertThat(behind.haproxy.takesFile()).isTrue();

            Files.delete(behind.haproxy.path("snippets/bad.cfg"));
            await("what waited is served").atMost(BalancerBed.BOUND).until(() -> behind.status(other) == 200);
            DockerCli.docker("rm", "-f", container);
        });
    }

    @Test
    @Tag("fault-40")
    void aDiskThatIsFullKeepsTheFileAndWhatWaitedFollowsOnceThereIsRoom() throws Exception {
        String other = bed.service + "-waits";
        behind.whileAsked(() -> {
            String file = behind.haproxy.text();
            int from = AgentBed.lines(behind.watcher);
            disk.fill();
            String begun;
            String another;
            try {
                begun = behind.container("begun");
                another = behind.other(other);
                await("it is told")
                        .atMost(BalancerBed.BOUND)
                        .until(() -> AgentBed.told(behind.watcher, from, "No space left") > 0);
                assertThat(behind.watcher.status("/health/ready")).isEqualTo(503);
                assertThat(behind.haproxy.text()).isEqualTo(file);
                assertThat(behind.status(other)).isEqualTo(503);
                assertThat(behind.haproxy.takesFile()).isTrue();
            } finally {
                disk.free();
            }
            behind.awaitBalanced("begun");
            await("what waited is served").atMost(BalancerBed.BOUND).until(() -> behind.status(other) == 200);
            assertThat(AgentBed.told(behind.watcher, from, "No space left")).isOne();
            DockerCli.docker("rm", "-f", another);
            behind.end(begun, "begun");
        });
    }

    @Test
    @Tag("fault-40")
    void killedWhileItWritesTheFileIsWhole() throws Exception {
        String setting = bed.tree() + "haproxy_options";
        Random moments = new Random(40);
        behind.whileAsked(() -> {
            for (int i = 0; i < KILLS; i++) {
                bed.etcd.put(setting, "retries=10");
                await("it is written")
                        .atMost(BalancerBed.BOUND)
                        .until(() -> behind.haproxy.text().contains("retries=10"));
                long kill = System.nanoTime()
                        + Duration.ofMillis(moments.nextInt(500)).toNanos();
                for (int retries = 1; System.nanoTime() < kill; retries = retries % 9 + 1) {
                    bed.etcd.put(setting, "retries=" + retries);
                }
                behind.watcher.kill();
                assertThat(behind.haproxy.takesFile()).isTrue();
                behind.watcher = bed.watcher(behind.haproxy);
            }
            bed.etcd.ctl("del", setting);
            await("the setting is gone")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> !behind.haproxy.text().contains("retries="));
        });
    }

    @Test
    @Tag("fault-41")
    void withoutItsMasterSocketAnotherOneTakesOverAndNoRequestIsLost() throws Exception {
        long began = System.nanoTime();
        try (Traffic traffic = new Traffic(behind.haproxy.port(), bed.service, "/")) {
            await().until(() -> traffic.outcomes(began, System.nanoTime()).containsAll(BalancerBed.ALL));
            Files.delete(behind.haproxy.path("master.sock"));
            String begun = behind.container("begun");
            await("what begins is served")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> traffic.outcomes(began, System.nanoTime()).contains("begun"));
            behind.end(begun, "begun");
            assertThat(traffic.outcomes(began, System.nanoTime()))
                    .hasSizeGreaterThan(100)
                    .allMatch(outcome -> outcome.matches("[a-z]+[0-9]*"), "the name of who answered");
        }
    }

    @Test
    @Tag("fault-41")
    void reloadedBySomebodyElseItStaysInStep() throws Exception {
        String begun = behind.balanced("begun");
        behind.whileAsked(() -> {
            assertThat(behind.haproxy.reload()).isTrue();
            behind.awaitBalanced("begun");
        });
        behind.end(begun, "begun");
    }
}
