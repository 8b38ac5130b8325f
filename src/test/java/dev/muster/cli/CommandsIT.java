package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.provider.FakeProvider;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.Progress;
import dev.muster.registry.etcd.EtcdCatalogFeed;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdProgress;
import dev.muster.registry.etcd.EtcdReleases;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import dev.muster.testkit.UnmeasuredWatcher;
import dev.muster.watcher.Ambassadors;
import dev.muster.watcher.Bindings;
import dev.muster.watcher.InstanceProbe;
import dev.muster.watcher.RepeatedProbes;
import dev.muster.watcher.Watcher;
import dev.muster.watcher.WatcherStatus;
import dev.muster.wiring.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people ask and say, with a real etcd and a watcher at work on it; its balancer is in memory. */
class CommandsIT {

    private static EtcdProcess etcd;
    private static EtcdConnection connection;
    private static EtcdCatalogFeed feed;
    private static EtcdProgress progress;
    private static RepeatedProbes probes;
    private static ReconcileLoop loop;
    private static final FakeProvider BALANCER = new FakeProvider("haproxy");

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        connection = new EtcdConnection(new EtcdConfig(List.of(etcd.endpoint()), "/services", Duration.ofSeconds(2)));
        feed = new EtcdCatalogFeed(connection, "/services", Duration.ofSeconds(10), Time.system());
        progress = new EtcdProgress(connection, Duration.ofSeconds(10), Time.system());
        Signal signal = new Signal();
        probes = new RepeatedProbes(
                new InstanceProbe(), RepeatedProbes.Pace.within(Duration.ofMillis(500)), signal::wake);
        Watcher watcher = new Watcher(
                new Watcher.Registry(feed, progress, new EtcdReleases(connection)),
                new Progress.Watcher("lb1", "lb1", "test", List.of("haproxy"), Map.of()),
                List.of(BALANCER),
                new Bindings(Ambassadors.NONE),
                probes,
                Duration.ofSeconds(60),
                Time.system(),
                RandomGenerator.getDefault(),
                new WatcherStatus(List.of("haproxy"), new UnmeasuredWatcher()));
        loop = new ReconcileLoop(
                "watcher",
                signal,
                watcher,
                new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), RandomGenerator.getDefault()),
                Time.system());
        feed.start(signal::raise);
        loop.start();
    }

    @AfterAll
    static void stop() throws Exception {
        assertThat(loop.stop(Duration.ofSeconds(5))).isTrue();
        feed.close();
        probes.close();
        progress.close();
        connection.close();
        etcd.close();
    }

    @AfterEach
    void clean() {
        etcd.ctl("del", "--prefix", "/services/");
    }

    private static Called muster(String words) {
        Called called = new Called(Wiring::new);
        int code = called.muster((words + " --etcd-endpoints " + etcd.endpoint()).split(" "));
        return called.ended(code);
    }

    private static void register(String service, String instance, int port) {
        etcd.put("/services/%s/%s".formatted(service, instance), """
                {"owner":"node1","host":"node1","private_ipv4_addr":"127.0.0.1","port":%d,"state":"up","protocol":"http",\
                "check":{"type":"tcp"},"container_id":"c1","started_at":"2026-01-01T00:00:00Z"}""".formatted(port));
    }

    private static boolean serves(String service, int targets) {
        return BALANCER.servedNow(service).size() == targets;
    }

    @Test
    void settingsAreWrittenShownAndTakenBack() {
        assertThat(muster("set web health_url /health").code()).isEqualTo(ExitCode.DONE);
        assertThat(etcd.ctl("get", "--print-value-only", "/services/web/health_url"))
                .isEqualToIgnoringNewLines("/health");
        assertThat(muster("set web dns_ttl soon").code()).isEqualTo(ExitCode.USAGE);
        etcd.put("/services/web/dns_ttl", "soon");
        assertThat(muster("get web").out())
                .contains("health_url  /health")
                .contains("dns_ttl  dns_ttl 'soon': allowed is a whole number");
        assertThat(muster("unset web health_url").out()).contains("web health_url is not set any more (was: /health)");
        assertThat(muster("unset web dns_ttl").code()).isEqualTo(ExitCode.DONE);
        assertThat(etcd.ctl("get", "--prefix", "/services/web/")).isEmpty();
    }

    @Test
    void theJourneyOfAnInstanceIsTold() {
        register("shop", "shop01", 18001);
        await().until(() -> muster("why shop shop01").code() == ExitCode.DONE);
        String revision = String.valueOf(etcd.ctl("get", "--write-out", "fields", "/services/shop/shop01")
                .lines()
                .filter(line -> line.startsWith("\"ModRevision\""))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", ""));
        assertThat(muster("why shop/shop01").out())
                .contains("shop/shop01 is in service")
                .contains("at revision " + revision + " as 127.0.0.1:18001, by node1")
                .containsPattern("haproxy on lb1 +20.*in service, .* ms after its event arrived there");
        assertThat(muster("plan shop").code()).isEqualTo(ExitCode.DONE);
        assertThat(muster("why shop shop02").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whatIsHeldIsToldAndReleasedOnce() throws IOException {
        try (ServerSocket answers = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            register("api", "api01", Ports.free());
            register("api", "api02", answers.getLocalPort());
            await().until(() -> serves("api", 2));
            etcd.ctl("del", "/services/api/api02");
            await().until(() -> muster("why api api02").code() == ExitCode.HELD);
            assertThat(muster("plan api").code()).isEqualTo(ExitCode.CHANGES);
            assertThat(muster("plan api").out()).contains("= api/haproxy by lb1: api02 127.0.0.1:");

            Called released = muster("release api");
            assertThat(released.code()).as(released.err()).isEqualTo(ExitCode.DONE);
            assertThat(released.out()).contains("api02").contains("gone");
            assertThat(serves("api", 1)).isTrue();
            await().until(() -> etcd.ctl("get", "--prefix", "/muster/release/").isEmpty());
            assertThat(muster("release api").err())
                    .contains("nothing of 'api' is held, so there is nothing to release");
            assertThat(muster("why api api02").code()).isEqualTo(ExitCode.FAILED);
        }
    }
}
