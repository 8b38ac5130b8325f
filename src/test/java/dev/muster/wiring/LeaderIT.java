package dev.muster.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.HaproxyConfig;
import dev.muster.config.Manner;
import dev.muster.config.TemplatesConfig;
import dev.muster.config.WatcherConfig;
import dev.muster.reconcile.Signal;
import dev.muster.registry.etcd.EtcdKeys;
import dev.muster.testkit.ChildJvm;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Pages;
import dev.muster.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two watchers share a target, as processes of their own, over a real etcd: one leads, whatever becomes of it. */
class LeaderIT {

    /** One leader within T + 2 s. */
    private static final Duration SOON = SharedWatcher.TTL.plusSeconds(2);

    @TempDir
    static Path folder;

    private static EtcdProcess etcd;
    private static final List<Running> WATCHERS = new ArrayList<>();

    /** One line of the journal. */
    private record Line(long at, String watcher, String what, Optional<Long> epoch) {
        static Line parse(String text) {
            String[] words = text.split(" ");
            Optional<Long> epoch = words.length > 3 ? Optional.of(Long.parseLong(words[3])) : Optional.empty();
            return new Line(Long.parseLong(words[0]), words[1], words[2], epoch);
        }
    }

    /** One watcher, which may be started again. */
    private static final class Running {
        private final String id;
        private Process process;
        private Pages pages;

        Running(String id) {
            this.id = id;
            start();
        }

        void start() {
            int port = Ports.free();
            try {
                Path logs = Files.createDirectories(Path.of("target", "it-logs"));
                process = ChildJvm.start(
                        SharedWatcher.class,
                        logs.resolve("shared-%s-%d.log".formatted(id, port)),
                        etcd.endpoint().toString(),
                        id,
                        folder.toString(),
                        Integer.toString(port));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            pages = new Pages("127.0.0.1", port);
        }

        boolean leads() {
            return pages.metric("muster_leader") == 1;
        }

        void signal(String name) {
            try {
                Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
                assertThat(kill.waitFor()).isZero();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        int awaitExit() throws InterruptedException {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }
    }

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        register("web", 1);
        WATCHERS.add(new Running("lb1"));
        WATCHERS.add(new Running("lb2"));
    }

    @AfterAll
    static void stop() {
        WATCHERS.forEach(one -> one.process.destroyForcibly());
        etcd.close();
    }

    /** As the scripts wrote it: complete, and nobody's. */
    private static void register(String service, int number) {
        String instance = "/services/%s/%s%02d/".formatted(service, service, number);
        etcd.put(instance + "public_ipv4_addr", "10.0.0.1");
        etcd.put(instance + "port", Integer.toString(18000 + number));
    }

    private Running leader;
    private Running other;

    @BeforeEach
    void oneLeads() {
        await("one leads, the other stands by")
                .atMost(Duration.ofSeconds(30))
                .until(() -> WATCHERS.stream().filter(Running::leads).count() == 1
                        && Files.exists(folder.resolve("journal"))
                        && WATCHERS.stream().allMatch(one -> one.pages.status("/health/ready") == 200));
        leader = WATCHERS.stream().filter(Running::leads).findFirst().orElseThrow();
        other = WATCHERS.stream().filter(one -> one != leader).findFirst().orElseThrow();
    }

    private static List<Line> journal() {
        try {
            return Files.readString(folder.resolve("journal"))
                    .lines()
                    .map(Line::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Line> first(long since, Predicate<Line> wanted) {
        return journal().stream()
                .filter(line -> line.at() >= since && wanted.test(line))
                .findFirst();
    }

    private static long newestEpoch() {
        return journal().stream()
                .flatMap(line -> line.epoch().stream())
                .max(Long::compare)
                .orElseThrow();
    }

    /** It reads as the leader does, in an epoch above every one before; and how long that took. */
    private static Duration takesOver(Running next, long since, long above) {
        Predicate<Line> leads = line -> line.watcher().equals(next.id)
                && line.epoch().filter(epoch -> epoch > above).isPresent();
        await(next.id + " leads")
                .atMost(Duration.ofSeconds(30))
                .until(() -> first(since, leads).isPresent());
        return Duration.ofMillis(first(since, leads).orElseThrow().at() - since);
    }

    /** Nobody wrote or read in an epoch that was over. */
    private static void assertEpochsOnlyGrow() {
        assertThat(journal().stream().flatMap(line -> line.epoch().stream()).toList())
                .isSorted();
    }

    @Test
    void killed_it_is_followed_within_its_time_to_live_and_two_seconds() throws Exception {
        long epoch = newestEpoch();
        long killed = System.currentTimeMillis();
        leader.signal("KILL");
        assertThat(takesOver(other, killed, epoch)).isLessThan(SOON);
        leader.awaitExit();
        leader.start();
        assertEpochsOnlyGrow();
    }

    @Test
    void stopped_inside_a_write_for_longer_than_its_time_to_live_it_writes_no_more() throws Exception {
        Path gate = Files.createFile(folder.resolve("gate-" + leader.id));
        register("stopped", 1);
        await().until(() -> first(0, line -> line.what().equals("waits")).isPresent());
        long epoch = newestEpoch();
        long stopped = System.currentTimeMillis();
        leader.signal("STOP");
        try {
            assertThat(takesOver(other, stopped, epoch)).isLessThan(SOON);
            Files.delete(gate);
        } finally {
            leader.signal("CONT");
        }
        await("it refuses")
                .until(() -> first(
                                stopped,
                                line -> line.watcher().equals(leader.id)
                                        && line.what().equals("refuses"))
                        .isPresent());
        await("it stands by").until(() -> leader.pages.status("/health/ready") == 200 && !leader.leads());
        assertThat(first(
                        stopped,
                        line -> line.watcher().equals(leader.id) && line.epoch().isPresent()))
                .isEmpty();
        assertEpochsOnlyGrow();
        assertThat(etcd.ctl("get", "--prefix", "--keys-only", "/muster/applied/"))
                .contains(EtcdKeys.applied("stopped", "haproxy", SharedWatcher.GROUP))
                .doesNotContain("haproxy/lb");
    }

    @Test
    void asked_to_end_it_makes_way_at_once() throws Exception {
        long epoch = newestEpoch();
        long asked = System.currentTimeMillis();
        leader.signal("TERM");
        assertThat(takesOver(other, asked, epoch)).isLessThan(SharedWatcher.TTL.dividedBy(2));
        assertThat(leader.awaitExit()).isZero();
        leader.start();
        assertEpochsOnlyGrow();
    }

    @Test
    void a_watcher_that_shares_nothing_stands_in_no_election() throws Exception {
        EtcdConfig config = new EtcdConfig(List.of(etcd.endpoint()), "/services", Duration.ofSeconds(2));
        TemplatesConfig templates = new TemplatesConfig(List.of(), folder.resolve("state"), Duration.ZERO);
        WatcherConfig alone = new WatcherConfig(
                config,
                "lb9",
                "lb9",
                List.of("template"),
                Optional.of("alone"),
                HaproxyConfig.forTcp(folder, "127.0.0.1", "haproxy"),
                Optional.of(templates),
                Optional.empty(),
                Optional.empty(),
                SharedWatcher.TTL,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                folder,
                false,
                false,
                Manner.LASTING);
        try (WatcherRole role = new WatcherRole(alone, false)) {
            role.begin();
            await().until(() -> {
                role.run(new Signal.Look(true, Set.of()));
                return role.notReady().isEmpty();
            });
            assertThat(etcd.ctl("get", EtcdKeys.watcher("lb9")))
                    .contains("template")
                    .doesNotContain("groups");
            role.ending();
            role.leave();
        }
        assertThat(etcd.ctl("get", "--prefix", "--keys-only", "/muster/leader/"))
                .containsOnlyOnce("/muster/leader/");
        assertThat(etcd.ctl("get", "--prefix", "--keys-only", "/muster/epoch/")).containsOnlyOnce("/muster/epoch/");
    }

    @Test
    void etcd_started_again_finds_one_leader() {
        etcd.kill();
        etcd.startAgain();
        long again = System.currentTimeMillis();
        register("again", 1);
        await("somebody steers it")
                .atMost(SOON.plusSeconds(SharedWatcher.TTL.toSeconds()))
                .until(() -> first(again, line -> line.what().equals("writes")).isPresent());
        assertEpochsOnlyGrow();
    }

    @Test
    void etcd_wiped_finds_one_leader_in_a_higher_epoch() {
        long epoch = newestEpoch();
        etcd.wipe();
        long wiped = System.currentTimeMillis();
        register("web", 1);
        register("wiped", 1);
        await("somebody leads")
                .atMost(SOON)
                .until(() -> first(
                                wiped,
                                line -> line.epoch().filter(now -> now > epoch).isPresent())
                        .isPresent());
        assertEpochsOnlyGrow();
        assertThat(etcd.ctl("get", EtcdKeys.leader(SharedWatcher.GROUP))).contains("\"epoch\":");
    }
}
