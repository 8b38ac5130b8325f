package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdUser;
import dev.muster.config.LayoutConfig;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Target;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.testkit.EtcdProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that docs/operating.md has for users and roles, run as they stand there, are enough and no more. */
class EtcdRolesIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final String SIDECAR = "host1.web";
    private static final InstanceId WEB = new InstanceId("web", "web01");
    private static final InstanceId DB = new InstanceId("db", "db01");

    @TempDir
    private static Path secrets;

    private static EtcdProcess etcd;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        etcd = EtcdProcess.start();
        List<String> lines = Files.readAllLines(Path.of("docs", "operating.md")).stream()
                .filter(line -> line.startsWith("    etcdctl role ") || line.startsWith("    etcdctl user "))
                .map(line -> line.strip().replace("/etc/muster/", secrets + "/"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(15);
        for (String who : List.of("agent", "watcher", "web")) {
            Files.writeString(secrets.resolve(who + "-password"), "secret-of-" + who + "\n");
        }
        for (String line : lines) {
            shell(line);
        }
        etcd.ctl("user", "add", "root:root");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("auth", "enable");
        etcd.ctlWith("--user=root:root");
    }

    private static void shell(String line) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        builder.environment().put("ETCDCTL_ENDPOINTS", etcd.endpoint().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(line + ": " + said).isZero();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        etcd.ctl("del", "--prefix", "/");
    }

    private EtcdConnection connect(String user, String passwordOf) {
        EtcdConnection connection = new EtcdConnection(new EtcdConfig(
                List.of(etcd.endpoint()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new EtcdUser(user, "secret-of-" + passwordOf)),
                "",
                "/services",
                EtcdConfig.DEFAULT_TIMEOUT));
        opened.add(connection);
        return connection;
    }

    /** A host's agent also reads whether a sidecar is there. */
    private RegistrationStore store(EtcdConnection connection, String owner) {
        Set<String> rivals = owner.equals(SIDECAR) ? Set.of() : Set.of("host1.none");
        OwnerIdentity identity = new OwnerIdentity(owner, "host1", "test", new MachineIdentity("m1", "boot"));
        RegistrationStore store = new EtcdRegistrationStore(
                connection,
                new EtcdKeys("/services"),
                LayoutConfig.DEFAULT,
                identity,
                TTL,
                Time.system(),
                registration -> rivals,
                () -> {});
        opened.add(store);
        return store;
    }

    private RegistrationStore sidecar() {
        return store(connect("web-sidecar", "web"), SIDECAR);
    }

    private static Held done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).held();
    }

    private static Goodbye goodbye(Registration of) {
        return new Goodbye(
                of.id(), Goodbye.Reason.ENDED, of.owner(), of.instance().run());
    }

    private static String value(String key) {
        return etcd.ctl("get", "--print-value-only", key).strip();
    }

    @Test
    void aSidecarRegistersRenewsIsAdoptedAndRemoves() throws RegistryException {
        RegistrationStore first = sidecar();
        assertThat(first.read()).isEmpty();
        Registration wanted = Registrations.of(WEB, SIDECAR, 18001);
        Held held = done(first.put(wanted, Optional.empty()));
        first.describeEngine(true);
        long put = System.nanoTime();
        await().atMost(TTL.multipliedBy(3))
                .until(() -> System.nanoTime() - put > TTL.multipliedBy(2).toNanos());
        assertThat(value("/services/web/web01/state"))
                .as("longer than its lease")
                .isEqualTo("up");
        assertThat(first.current()).isTrue();
        first.close();

        RegistrationStore second = sidecar();
        assertThat(second.read()).containsOnly(Map.entry(WEB, held));
        assertThat(second.remove(held, goodbye(wanted))).isInstanceOf(Outcome.Gone.class);
        assertThat(value("/services/web/web01/owner")).isEmpty();
        assertThat(value("/services/web/gone/web01")).contains("\"reason\":\"ended\"");
        done(second.put(wanted, Optional.empty()));
    }

    @Test
    void anotherServiceIsDeniedAndTheOwnOneGoesOn() throws RegistryException {
        RegistrationStore store = sidecar();
        store.read();
        Registration foreign = Registrations.of(DB, SIDECAR, 18002);
        assertThat(store.put(foreign, Optional.empty())).isEqualTo(new Outcome.Denied());
        assertThat(store.sayGoodbye(goodbye(foreign))).isEqualTo(new Outcome.Denied());
        assertThat(etcd.ctl("get", "--prefix", "/services/db/")).isEmpty();
        assertThat(store.current()).isTrue();
        done(store.put(Registrations.of(WEB, SIDECAR, 18001), Optional.empty()));
        assertThat(store.read()).containsOnlyKeys(WEB);
    }

    @Test
    void anotherOwnersNameAndOthersRecordsAreDenied() throws RegistryException {
        EtcdConnection connection = connect("web-sidecar", "web");
        assertThatThrownBy(() -> store(connection, "host1").read())
                .hasMessage("read /muster/agents/host1: etcd refuses: this user may not do that");
        EtcdProgress progress = new EtcdProgress(connection, TTL, Time.system());
        opened.add(progress);
        assertThat(progress.watchers()).as("whose records it waits for").isEmpty();
        assertThatThrownBy(() -> progress.delete("web", "haproxy", "lb1"))
                .hasMessageEndingWith("etcd refuses: this user may not do that");
    }

    /** Whether its owner lives is not for a sidecar to read: it is taken for alive. */
    @Test
    void aConflictIsReportedThoughItsOwnersRecordMayNotBeRead() throws RegistryException {
        etcd.put("/services/web/web01/owner", "long-gone");
        RegistrationStore store = sidecar();
        store.read();
        assertThat(store.put(Registrations.of(WEB, SIDECAR, 18001), Optional.empty()))
                .isEqualTo(new Outcome.Refused("long-gone"));
        RegistrationStore host = store(connect("muster-agent", "agent"), "host1");
        host.read();
        done(host.put(Registrations.of(WEB, "host1", 18001), Optional.empty()));
    }

    @Test
    void aWatchersUserFollowsAndRecordsAndRegistersNothing() throws RegistryException {
        EtcdConnection connection = connect("muster-watcher", "watcher");
        EtcdProgress progress = new EtcdProgress(connection, TTL, Time.system());
        EtcdCatalogFeed feed = new EtcdCatalogFeed(connection, "/services", TTL, Time.system());
        opened.add(progress);
        opened.add(feed);
        connection.look();
        feed.start(() -> {});
        await().atMost(Duration.ofSeconds(5)).until(() -> feed.view().isPresent());
        progress.announce(new Progress.Watcher("lb1", "lb1", "test", List.of("haproxy"), Map.of()));
        progress.write(new Applied(
                "web",
                "haproxy",
                "lb1",
                1,
                Instant.EPOCH,
                List.of(),
                List.of(),
                false,
                new TreeMap<>(),
                Applied.Leaving.NOTHING,
                0));
        assertThat(progress.records()).hasSize(1);
        progress.delete("web", "haproxy", "lb1");
        EtcdReleases releases = new EtcdReleases(connection);
        releases.put(new Release(
                "web", "haproxy", new TreeSet<>(Set.of(new Target("10.0.0.1", 80))), "root@ops1", Instant.EPOCH, 0));
        releases.end(releases.standing().getFirst());
        assertThat(releases.standing()).isEmpty();
        assertThat(feed.newest(Set.of("web"))).isZero();
        assertThat(new EtcdPublications(connection, "/services").of(WEB)).isEmpty();
        assertThat(new EtcdRoster(connection).agents()).isEmpty();
        assertThatThrownBy(() -> connection.call(
                        "put",
                        client -> client.getKVClient()
                                .put(EtcdKeys.bytes("/services/web/master"), EtcdKeys.bytes("web01"))))
                .hasMessage("put: etcd refuses: this user may not do that");
    }
}
