package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.LayoutConfig;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two fleets with the same names in one etcd. */
class EtcdRootIT {

    private static final Duration TTL = Duration.ofSeconds(5);
    private static final InstanceId WEB = new InstanceId("web", "web01");

    private EtcdProcess etcd;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        etcd.close();
    }

    private EtcdConnection connect(String root) {
        EtcdConnection connection = new EtcdConnection(new EtcdConfig(
                List.of(etcd.endpoint()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                root,
                "/services",
                EtcdConfig.DEFAULT_TIMEOUT));
        opened.add(connection);
        return connection;
    }

    private RegistrationStore store(String root, String machine) {
        OwnerIdentity identity = new OwnerIdentity("host1", "host1", "test", new MachineIdentity(machine, "boot"));
        RegistrationStore store = new EtcdRegistrationStore(
                connect(root),
                new EtcdKeys("/services"),
                LayoutConfig.DEFAULT,
                identity,
                TTL,
                Time.system(),
                registration -> Set.of(),
                () -> {});
        opened.add(store);
        return store;
    }

    private EtcdCatalogFeed feed(String root) {
        EtcdCatalogFeed feed = new EtcdCatalogFeed(connect(root), "/services", TTL, Time.system());
        opened.add(feed);
        feed.start(() -> {});
        await().atMost(Duration.ofSeconds(5)).until(() -> feed.view().isPresent());
        return feed;
    }

    private static Optional<Integer> port(EtcdCatalogFeed feed) {
        return Optional.ofNullable(
                        feed.view().orElseThrow().catalog().registrations().get(WEB))
                .map(registration -> registration.instance().port());
    }

    @Test
    void fleetsUnderTwoRootsDoNotSeeEachOther() throws RegistryException {
        EtcdCatalogFeed blueFeed = feed("/blue");
        EtcdCatalogFeed greenFeed = feed("/green");
        RegistrationStore blue = store("/blue", "m1");
        RegistrationStore green = store("/green", "m2"); // the same owner on another machine, and no conflict
        Registration wanted = Registrations.of(WEB, "host1", 18001);
        blue.read();
        green.read();
        blue.put(wanted, Optional.empty());
        await().atMost(Duration.ofSeconds(2)).until(() -> port(blueFeed).equals(Optional.of(18001)));
        assertThat(port(greenFeed)).isEmpty();
        green.put(Registrations.of(WEB, "host1", 18002), Optional.empty());
        await().atMost(Duration.ofSeconds(2)).until(() -> port(greenFeed).equals(Optional.of(18002)));
        assertThat(port(blueFeed)).contains(18001);

        assertThat(etcd.ctl("get", "--keys-only", "--prefix", "/").lines().filter(key -> !key.isEmpty()))
                .isNotEmpty()
                .allMatch(key -> key.matches("/(blue|green)/(services/web/web01|muster/agents)/[a-z0-9_]+"));
    }

    @Test
    void whatStandsUnderTheLeaseIsReadBackWithoutTheRoot() throws RegistryException {
        RegistrationStore first = store("/blue", "m1");
        first.read();
        Registration wanted = Registrations.of(WEB, "host1", 18001);
        first.put(wanted, Optional.empty());
        first.close();
        long before = etcd.revision();
        assertThat(store("/blue", "m1").read())
                .hasEntrySatisfying(WEB, held -> assertThat(held.registration()).contains(wanted));
        assertThat(etcd.revision()).as("nothing is written").isEqualTo(before);
        assertThat(store("", "m1").read()).as("no root is another root").isEmpty();
    }

    @Test
    void aWatchersRecordsStandUnderTheRootToo() throws RegistryException {
        EtcdProgress progress = new EtcdProgress(connect("/blue"), TTL, Time.system());
        opened.add(progress);
        progress.announce(new Progress.Watcher("lb1", "lb1", "test", List.of("haproxy"), Map.of()));
        assertThat(progress.watchers()).hasSize(1);
        assertThat(etcd.ctl("get", "--keys-only", "/blue/muster/watchers/lb1")).contains("lb1");
        EtcdProgress other = new EtcdProgress(connect("/green"), TTL, Time.system());
        opened.add(other);
        assertThat(other.watchers()).isEmpty();
    }
}
