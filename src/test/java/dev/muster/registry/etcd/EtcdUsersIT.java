package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdUser;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistryException;
import dev.muster.registry.etcd.WatchStream.Signal;
import dev.muster.testkit.EtcdProcess;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.kv.GetResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An etcd with users, whose tokens live for two seconds. */
class EtcdUsersIT {

    private static final Duration TOKENS = Duration.ofSeconds(2);
    private static final String PASSWORD = "correct-horse";

    private static EtcdProcess etcd;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start("--auth-token-ttl=" + TOKENS.toSeconds());
        etcd.ctl("user", "add", "root:root");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("user", "add", "muster:" + PASSWORD);
        etcd.ctl("role", "add", "muster");
        etcd.ctl("role", "grant-permission", "--prefix=true", "muster", "readwrite", "/services/");
        etcd.ctl("user", "grant-role", "muster", "muster");
        etcd.ctl("auth", "enable");
        etcd.ctlWith("--user=root:root");
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
    }

    private EtcdConnection connect(Optional<EtcdUser> user) {
        return connect(etcd.endpoint(), user);
    }

    private EtcdConnection connect(URI endpoint, Optional<EtcdUser> user) {
        EtcdConnection connection = new EtcdConnection(new EtcdConfig(
                List.of(endpoint),
                Optional.empty(),
                Optional.empty(),
                user,
                "",
                "/services",
                EtcdConfig.DEFAULT_TIMEOUT));
        opened.add(connection);
        return connection;
    }

    private static Optional<EtcdUser> muster(String password) {
        return Optional.of(new EtcdUser("muster", password));
    }

    private static GetResponse read(EtcdConnection connection) throws RegistryException {
        return connection.call("read", client -> client.getKVClient().get(EtcdKeys.bytes("/services/a")));
    }

    private static boolean isRead(EtcdConnection connection) {
        try {
            read(connection);
            return true;
        } catch (RegistryException e) {
            return false;
        }
    }

    /** Nobody uses it for longer than it lives. */
    private static void letTokensExpire() {
        long start = System.nanoTime();
        await().atMost(TOKENS.multipliedBy(4))
                .until(() -> System.nanoTime() - start > TOKENS.multipliedBy(2).toNanos());
    }

    @Test
    void aTokenThatHasExpiredIsRenewedWithinTheCall() throws Exception {
        EtcdConnection connection = connect(muster(PASSWORD));
        read(connection);
        letTokensExpire();
        Client client = connection.client();
        assertThatThrownBy(() ->
                        client.getKVClient().get(EtcdKeys.bytes("/services/a")).get())
                .as("what the library does by itself")
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("invalid auth token");
        letTokensExpire();
        read(connection); // with the token that the library has fetched by then, or not
        letTokensExpire();
        read(connection);
        assertThat(connection.reconnects()).isZero();
    }

    @Test
    void aWatchThatBeginsWithAnExpiredTokenIsBegunAgain() throws Exception {
        EtcdConnection connection = connect(muster(PASSWORD));
        read(connection);
        letTokensExpire();
        List<Signal> signals = new CopyOnWriteArrayList<>();
        opened.add(new WatchStream(connection, "/services/", 1, signals::add));
        await().atMost(Duration.ofSeconds(5)).until(() -> signals.stream().anyMatch(Signal.Ended.class::isInstance));

        letTokensExpire();
        EtcdCatalogFeed feed = new EtcdCatalogFeed(
                connection, "/services", Duration.ofSeconds(10), Time.system(), Map.of(), FeedRig.patient(), () -> {});
        opened.add(feed);
        feed.start(() -> {});
        await().atMost(Duration.ofSeconds(5)).until(() -> feed.view().isPresent());
        letTokensExpire();
        etcd.put("/services/web/master", "web01");
        await("a watch that runs needs no token")
                .atMost(Duration.ofSeconds(2))
                .until(() -> feed.view().orElseThrow().catalog().settings().containsKey("web"));
        assertThat(feed.rereads()).isEqualTo(1);
    }

    @Test
    void aRestartedEtcdKnowsNoTokenAndEverythingGoesOn() throws Exception {
        EtcdConnection connection = connect(muster(PASSWORD));
        EtcdCatalogFeed feed = new EtcdCatalogFeed(
                connection, "/services", Duration.ofSeconds(10), Time.system(), Map.of(), FeedRig.quick(), () -> {});
        opened.add(feed);
        feed.start(() -> {});
        await().atMost(Duration.ofSeconds(5)).until(() -> feed.view().isPresent());
        etcd.kill();
        etcd.startAgain();
        etcd.put("/services/db/master", "db01");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> feed.view().orElseThrow().catalog().settings().containsKey("db"));
    }

    @Test
    void aWrongPasswordIsSaidAndWaitedFor() throws RegistryException {
        EtcdConnection connection = connect(muster("another"));
        assertThatThrownBy(() -> read(connection)).hasMessage("read: etcd refuses: user or password is wrong");
        assertThatThrownBy(connection::look).hasMessage("look at etcd: etcd refuses: user or password is wrong");
        assertThat(connection.reconnects()).as("etcd has answered").isZero();
        etcd.ctlWithInput(
                "another\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "user",
                "passwd",
                "--interactive=false",
                "muster");
        try {
            read(connection);
        } finally {
            etcd.ctlWithInput(
                    (PASSWORD + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "user",
                    "passwd",
                    "--interactive=false",
                    "muster");
        }
    }

    @Test
    void whoNamesNoUserIsToldSo() {
        assertThatThrownBy(() -> read(connect(Optional.empty())))
                .hasMessage("read: etcd refuses: it wants a user (--etcd-user)");
    }

    @Test
    void whatARoleDeniesIsNoLostConnection() throws RegistryException {
        EtcdConnection connection = connect(muster(PASSWORD));
        assertThatThrownBy(() ->
                        connection.call("read", client -> client.getKVClient().get(EtcdKeys.bytes("/secrets/a"))))
                .hasMessage("read: etcd refuses: this user may not do that");
        connection.look();
        assertThat(connection.reconnects()).isZero();
    }

    @Test
    void anEtcdWithoutUsersSaysSo() {
        try (EtcdProcess open = EtcdProcess.start()) {
            EtcdConnection connection = connect(open.endpoint(), muster(PASSWORD));
            assertThatThrownBy(() -> read(connection))
                    .hasMessage("read: etcd refuses: it has no authentication yet, and --etcd-user is given");
            open.ctl("user", "add", "root:root");
            open.ctl("user", "grant-role", "root", "root");
            open.ctl("user", "add", "muster:" + PASSWORD);
            open.ctl("user", "grant-role", "muster", "root");
            open.ctl("auth", "enable");
            assertThat(isRead(connection)).isTrue();
        }
    }

    @Test
    void aMemberThatIsAwayWhileAuthenticatingIsAnAbsentEtcd() {
        EtcdConnection connection = connect(URI.create("http://127.0.0.1:1"), muster(PASSWORD));
        assertThatThrownBy(() -> read(connection)).hasMessageStartingWith("read: etcd cannot be reached (");
    }
}
