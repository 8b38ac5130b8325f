package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.NamedServer;
import dev.muster.testkit.Ports;
import dev.muster.testkit.StaticFleet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Ports of this machine that lead to whatever serves now, with a real HAProxy and a real TCP service behind it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AmbassadorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String CLOSED = "closed";

    @TempDir
    private static Path folder;

    private static EtcdProcess etcd;
    private static StaticFleet fleet;
    private static final int ANY = Ports.free();
    private static final int MASTER = Ports.free();
    private static final int OTHER = Ports.free();
    private static MusterProcess all;
    private static MusterProcess master;
    private static NamedServer one;
    private static NamedServer two;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        fleet = new StaticFleet(etcd, folder);
        one = new NamedServer("1");
        two = new NamedServer("2");
        fleet.add("postgres", "1", one.port(), "tcp");
        fleet.add("postgres", "2", two.port(), "tcp");
        fleet.add("cache", "c", two.port(), "http");
        all = watcher("all", "--ambassador=postgres:" + ANY + ",cache:" + OTHER);
        master = watcher("master", "--ambassador=postgres:" + MASTER, "--master-only");
        all.awaitReady();
        master.awaitReady();
        await().atMost(PATIENCE).until(() -> !ask(ANY).equals(CLOSED));
    }

    private static MusterProcess watcher(String name, String... flags) {
        String[] words = new String[flags.length + 6];
        words[0] = "watcher";
        words[1] = "--etcd-endpoints=" + etcd.endpoint();
        words[2] = "--host=client";
        words[3] = "--watcher-id=client." + name;
        words[4] = "--ttl=3s";
        words[5] = "--state-dir=" + folder;
        System.arraycopy(flags, 0, words, 6, flags.length);
        return MusterProcess.start(words);
    }

    @AfterAll
    static void stop() {
        all.close();
        master.close();
        fleet.close();
        one.close();
        two.close();
        etcd.close();
    }

    /** A connection through the ambassador. */
    private record Connection(Socket socket, BufferedReader in) implements AutoCloseable {

        static Connection to(int port) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(5_000);
            return new Connection(
                    socket,
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
        }

        /** Who answers. */
        String ask() throws IOException {
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            String line = in.readLine();
            return line == null ? CLOSED : line.replace(" hello", "");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Who answers a new connection. */
    private static String ask(int port) {
        try (Connection connection = Connection.to(port)) {
            return connection.ask();
        } catch (IOException e) {
            return CLOSED;
        }
    }

    private static void awaitAnswer(int port, String who) {
        await("%s behind %d".formatted(who, port))
                .atMost(PATIENCE)
                .until(() -> ask(port).equals(who));
    }

    @Test
    @Order(1)
    void leadsToTheLeastBusyOfAllThatServe() throws Exception {
        await().atMost(PATIENCE).until(() -> one.connections() + two.connections() == 0);
        try (Connection first = Connection.to(ANY);
                Connection second = Connection.to(ANY)) {
            assertThat(first.ask() + second.ask()).isIn("12", "21");
        }
        awaitAnswer(OTHER, "2");
    }

    @Test
    @Order(2)
    void noConnectionFailsWhileInstancesComeAndGo() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        Thread client = Thread.ofVirtual().start(() -> {
            while (!enough.get()) {
                answers.add(ask(ANY));
            }
        });
        try {
            for (int i = 3; i <= 5; i++) {
                String name = String.valueOf(i);
                try (NamedServer more = new NamedServer(name)) {
                    fleet.add("postgres", name, more.port(), "tcp");
                    await(name).atMost(PATIENCE).until(() -> answers.contains(name));
                    fleet.remove("postgres", name);
                    await(name + " gets no more").atMost(PATIENCE).until(() -> {
                        answers.clear();
                        await().atMost(PATIENCE).until(() -> answers.size() > 100);
                        return !answers.contains(name);
                    });
                    assertThat(answers).containsOnly("1", "2");
                }
            }
        } finally {
            enough.set(true);
            client.join();
        }
        assertThat(answers).doesNotContain(CLOSED);
    }

    @Test
    @Order(3)
    void followsTheMasterAndLeadsNowhereWithoutOne() throws Exception {
        assertThat(ask(MASTER)).isEqualTo(CLOSED);
        etcd.put("/services/postgres/master", "2");
        awaitAnswer(MASTER, "2");
        try (Connection before = Connection.to(MASTER)) {
            assertThat(before.ask()).isEqualTo("2");
            etcd.put("/services/postgres/master", "1");
            awaitAnswer(MASTER, "1");
            for (int i = 0; i < 20; i++) {
                assertThat(ask(MASTER))
                        .as("the former master is not held, though it answers")
                        .isEqualTo("1");
            }
            assertThat(before.ask()).as("who is connected stays so").isEqualTo("2");
        }
        etcd.ctl("del", "/services/postgres/master");
        awaitAnswer(MASTER, CLOSED);
        etcd.put("/services/postgres/master", "1");
        awaitAnswer(MASTER, "1");
    }

    /** As {@code presence} writes it without its flag for the port: the ambassador's own is meant. */
    @Test
    @Order(4)
    void anInstanceWithoutAPortHasTheAmbassadors() throws Exception {
        int port = Ports.free();
        MusterProcess watcher = watcher(
                "portless",
                "--ambassador=legacy:" + port,
                "--ambassador-address=127.0.0.2",
                "--public",
                "--exclude-instance=2");
        String keys = "/services/legacy/instances/";
        try (ServerSocket server = new ServerSocket(port, 10, InetAddress.getByName("127.0.0.3"))) {
            watcher.awaitReady();
            etcd.put(keys + "2/private_ip", "127.0.0.3");
            etcd.put(keys + "2/public_ip", "127.0.0.5");
            etcd.put(keys + "1/private_ip", "127.0.0.4");
            etcd.put(keys + "1/public_ip", "127.0.0.3");
            await().atMost(PATIENCE).until(() -> watcher.log().contains("legacy/1 in service at 127.0.0.3:" + port));
            server.setSoTimeout(5_000);
            try (Socket client = new Socket("127.0.0.2", port);
                    Socket accepted = server.accept()) {
                accepted.getOutputStream().write('x');
                client.setSoTimeout(5_000);
                assertThat(client.getInputStream().read()).isEqualTo('x');
            }
            MusterProcess plan = MusterProcess.plain("plan", "legacy", "--etcd-endpoints=" + etcd.endpoint());
            assertThat(plan.awaitExit()).as(plan.log()).isZero();
        } finally {
            watcher.close();
        }
    }

    @Test
    @Order(4)
    void isToldOfInPlansAsInStep() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            MusterProcess plan = MusterProcess.plain("plan", "postgres", "--etcd-endpoints=" + etcd.endpoint());
            assertThat(plan.awaitExit()).as(plan.log()).isZero();
            assertThat(plan.log()).contains("ambassador", "client.master", "in step");
        });
    }

    @Test
    @Order(5)
    @Tag("fault-22")
    void withoutEtcdConnectionsKeepFlowing() throws Exception {
        try (Connection open = Connection.to(MASTER)) {
            assertThat(open.ask()).isEqualTo("1");
            etcd.kill();
            await().atMost(PATIENCE).until(() -> master.status("/health/ready") == 503);
            assertThat(open.ask()).isEqualTo("1");
            assertThat(ask(MASTER)).isEqualTo("1");
            assertThat(ask(ANY)).isIn("1", "2");
            etcd.wipe();
            await().atMost(PATIENCE).until(() -> master.status("/health/ready") == 200);
            await().atMost(PATIENCE)
                    .until(() -> etcd.ctl("get", "--prefix", "--keys-only", "/services/postgres/")
                            .contains("/services/postgres/2/owner"));
            assertThat(open.ask()).isEqualTo("1");
            assertThat(ask(MASTER))
                    .as("the master that was known before etcd was lost")
                    .isEqualTo("1");
        }
    }

    @Test
    @Order(6)
    void itsBalancerEndsWithTheWatcherHoweverThatEnds() {
        all.kill();
        master.terminate();
        await().atMost(PATIENCE)
                .until(() -> ask(ANY).equals(CLOSED) && ask(MASTER).equals(CLOSED));
    }
}
