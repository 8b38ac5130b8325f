package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.haproxy.Client;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.NamedServer;
import dev.muster.testkit.Ports;
import dev.muster.testkit.StaticFleet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The templates of {@code examples/templates}, by a real watcher, for real programs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TemplatesIT {

    private static final Path EXAMPLE = Path.of("examples/templates");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private static Path folder;

    private static int httpPort;
    private static int tcpPort;
    private static EtcdProcess etcd;
    private static StaticFleet fleet;
    private static NamedServer router;
    private static MusterProcess watcher;

    @BeforeAll
    static void start() throws Exception {
        httpPort = Ports.free();
        tcpPort = Ports.free();
        Files.createDirectory(folder.resolve("templates"));
        try (Stream<Path> sources = Files.list(EXAMPLE.resolve("templates"))) {
            for (Path source : sources.toList()) {
                copy(source, folder.resolve("templates").resolve(source.getFileName()));
            }
        }
        copy(EXAMPLE.resolve("prometheus.yml"), folder.resolve("prometheus.yml"));
        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
        etcd = EtcdProcess.start();
        etcd.put("/services/web/team", "the \"A\" team\nand others");
        fleet = new StaticFleet(etcd, folder);
        router = new NamedServer("router01");
        fleet.add("router", "router01", router.port(), "http");
        watcher = startWatcher();
    }

    /** With this test's places and ports. */
    private static void copy(Path from, Path to) throws IOException {
        Files.writeString(
                to,
                Files.readString(from)
                        .replace(
                                "/etc/muster/templates",
                                folder.resolve("templates").toString())
                        .replace(
                                "/etc/nginx/muster.conf",
                                folder.resolve("nginx.conf").toString())
                        .replace("/etc/prometheus/muster/", folder + "/")
                        .replace("= /etc/hosts", "= " + folder.resolve("hosts"))
                        .replace(
                                "/etc/balancer/routers",
                                folder.resolve("routers").toString())
                        .replace(
                                "/run/muster-nginx.pid",
                                folder.resolve("nginx.pid").toString())
                        .replace("8080", String.valueOf(httpPort))
                        .replace("5432", String.valueOf(tcpPort)));
        if (Files.isExecutable(from)) {
            assertThat(to.toFile().setExecutable(true)).isTrue();
        }
    }

    private static MusterProcess startWatcher() {
        return MusterProcess.start(
                "watcher",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--provider=template",
                "--templates=" + folder.resolve("templates"),
                "--templates-state=" + folder.resolve("state"),
                "--host=edge",
                "--ttl=3s",
                "--state-dir=" + folder);
    }

    @AfterAll
    static void stop() throws Exception {
        watcher.close();
        fleet.close();
        router.close();
        etcd.close();
        Path pid = folder.resolve("nginx.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(nginx -> {
                nginx.destroy();
                await().until(() -> !nginx.isAlive());
            });
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }

    private static String get(String host) {
        try {
            Client.Answer answer = Client.get(httpPort, host, "/");
            return answer.status() == 200 ? answer.body() : "status " + answer.status();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String say(String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tcpPort)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), output)
                .isZero();
        return output;
    }

    @Test
    void requestsFlowThroughNginxWhileInstancesComeAndGo() throws Exception {
        List<NamedServer> servers = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        Queue<String> outcomes = new ConcurrentLinkedQueue<>();
        Thread client = Thread.ofVirtual().unstarted(() -> {
            while (!enough.get()) {
                outcomes.add(get("flow"));
            }
        });
        try {
            join(servers, "flow01");
            await().atMost(PATIENCE).until(() -> get("flow").equals("flow01"));
            client.start();
            for (int i = 2; i <= 5; i++) {
                String next = "flow0" + i;
                join(servers, next);
                await(next).atMost(PATIENCE).until(() -> outcomes.contains(next));
                NamedServer old = servers.removeFirst();
                String left = "flow0" + (i - 1);
                fleet.remove("flow", left);
                await(left + " is out")
                        .atMost(PATIENCE)
                        .until(() -> !text("nginx.conf").contains(left));
                // nginx has its new file; its old workers may still be at work.
                await(left + " gets no more").atMost(PATIENCE).until(() -> {
                    outcomes.clear();
                    await().atMost(PATIENCE).until(() -> outcomes.size() > 200);
                    return !outcomes.contains(left);
                });
                assertThat(outcomes).allMatch(next::equals);
                old.close();
            }
            assertThat(get("nobody")).isEqualTo("status 503");
        } finally {
            enough.set(true);
            client.join();
            servers.forEach(NamedServer::close);
            fleet.remove("flow", "flow05");
        }
    }

    private static void join(List<NamedServer> servers, String name) {
        NamedServer server = new NamedServer(name);
        servers.add(server);
        fleet.add("flow", name, server.port(), "http");
    }

    @Test
    void everyProgramGetsItsFile() throws Exception {
        try (NamedServer one = new NamedServer("db01");
                NamedServer two = new NamedServer("web01")) {
            fleet.add("db", "db01", one.port(), "tcp");
            fleet.add("web", "web01", two.port(), "http");
            await().atMost(PATIENCE).until(() -> text("nginx.conf").contains("db01"));

            await("through nginx's stream module")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> say("hello").equals("db01 hello"));

            await().atMost(PATIENCE).until(() -> text("targets.json").contains("127.0.0.1:" + two.port()));
            assertThat(run(
                            "promtool",
                            "check",
                            "config",
                            folder.resolve("prometheus.yml").toString()))
                    .contains("SUCCESS");
            assertThat(run(
                            "python3",
                            "-c",
                            "import json,sys; print([g['labels'] for g in json.load(open(sys.argv[1])) if g['labels']['service'] == 'web'])",
                            folder.resolve("targets.json").toString()))
                    .contains("'team': 'the \"A\" team\\nand others'");

            await().atMost(PATIENCE).until(() -> text("hosts").contains("127.0.0.1 web01.web.muster\n"));
            assertThat(text("hosts")).startsWith("127.0.0.1 localhost\n# muster begin hosts\n");
            await().atMost(PATIENCE).until(() -> text("routers").equals("host1\n"));

            fleet.remove("router", "router01");
            await("the check keeps the last one")
                    .atMost(PATIENCE)
                    .until(() -> watcher.log().contains("routers: 'test -s' refuses the new file"));
            assertThat(text("routers")).isEqualTo("host1\n");
            await("it is told").atMost(PATIENCE).until(() -> watcher.metric("muster_services_refused") == 1);
            assertThat(watcher.status("/health/ready")).as("the others go on").isEqualTo(200);
            fleet.add("router", "router01", router.port(), "http");
            await().atMost(PATIENCE).until(() -> watcher.metric("muster_services_refused") == 0);
            fleet.remove("db", "db01");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE) // after it there is no agent
    @Tag("fault-22")
    void withoutEtcdAndWithoutLeasesFilesStayAsTheyAre() throws Exception {
        try (NamedServer one = new NamedServer("stay01")) {
            fleet.add("stay", "stay01", one.port(), "http");
            await().atMost(PATIENCE).until(() -> get("stay").equals("stay01"));
            String before = text("nginx.conf");
            etcd.kill();
            await().atMost(PATIENCE).until(() -> watcher.status("/health/ready") == 503);
            etcd.wipe();
            await().atMost(PATIENCE).until(() -> watcher.status("/health/ready") == 200);
            assertThat(text("nginx.conf")).isEqualTo(before);
            assertThat(get("stay")).isEqualTo("stay01");

            // One whose agent is gone still answers: it is held, by what the next watcher finds beside the files.
            fleet.agent().kill();
            await().atMost(PATIENCE).until(() -> watcher.metric("muster_holds") > 0);
            watcher.kill();
            watcher = startWatcher().awaitReady();
            assertThat(text("nginx.conf")).isEqualTo(before);
            assertThat(text("routers"))
                    .as("also what only the registration said")
                    .isEqualTo("host1\n");
        }
    }
}
