package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineApi;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels that mean harm, on real containers, before a real agent, watcher and HAProxy: each is refused with its reason, none
 * becomes a key, a line of a file or a command, and the neighbours are served.
 */
@OnThisEngine
@Tag("fault-15")
@Timeout(180)
class HostileLabelsIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    /** In every hostile label, so that nothing of any can hide. */
    private static final String MARK = "pwned";

    @TempDir
    Path folder;

    private final int bind = Ports.free();
    private final EngineApi engine = new EngineApi();
    private AgentBed bed;

    @BeforeEach
    void start() {
        bed = new AgentBed();
    }

    @AfterEach
    void stop() throws IOException {
        bed.close();
        engine.close();
        Path pid = folder.resolve("muster.cfg.pid");
        if (Files.exists(pid)) { // HAProxy outlives its watcher
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(haproxy -> {
                haproxy.destroy();
                haproxy.onExit().join();
            });
        }
    }

    private List<String> hostile() {
        String command = "touch " + folder.resolve(MARK);
        return List.of(
                "../" + MARK,
                MARK + "/../../muster/agents/host1",
                MARK + "\n    http-request return status 200",
                MARK + "\r\nX-Muster: " + MARK,
                MARK + "\0",
                MARK + "; " + command + ";",
                "{\"value\": \"" + MARK + "\"}",
                MARK + "%{private_ip}",
                "$(" + command + ")" + MARK,
                "`" + command + "`" + MARK,
                "\u202e" + MARK + "\u2066",
                MARK.repeat(1 << 18));
    }

    private Map<String, String> labels(String instance) {
        Map<String, String> labels = new HashMap<>();
        labels.put("muster.enable", "true");
        labels.put("muster.service", bed.service);
        labels.put("muster.instance", instance);
        return labels;
    }

    private String withLabel(String instance, String key, String value) {
        Map<String, String> labels = labels(instance);
        labels.put(key, value);
        String name = DockerCli.name(instance);
        engine.run(name, labels);
        return name;
    }

    private MusterProcess watcher() {
        return MusterProcess.start(
                "watcher",
                "--etcd-endpoints=" + bed.etcd.endpoint(),
                "--state-dir=" + folder,
                "--host=host1",
                "--haproxy-run",
                "--haproxy-bind=127.0.0.1:" + bind,
                "--haproxy-config=" + folder.resolve("muster.cfg"),
                "--haproxy-socket=" + folder.resolve("admin.sock"),
                "--haproxy-master-socket=" + folder.resolve("master.sock"),
                "--haproxy-snippets=" + folder.resolve("snippets"));
    }

    /** What HAProxy answers to a request for a host. */
    private String served(String host) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bind)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.0\r\nHost: %s\r\n\r\n".formatted(host).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not there yet
        }
    }

    private static long refused(MusterProcess agent) {
        return agent.page("/metrics")
                .lines()
                .filter(line -> line.startsWith("muster_containers_refused "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private String everythingStored() {
        return bed.etcd.ctl("get", "--prefix", "");
    }

    @Test
    void nothingComesOfThemButARefusalAndTheNeighboursAreServed() throws Exception {
        List<String> names = new ArrayList<>();
        for (String value : hostile()) {
            names.add(withLabel("evil" + names.size(), "muster.service", value));
        }
        for (String key : List.of("instance", "route.host", "route.path", "check", "protocol", "unit", "weight")) {
            names.add(withLabel("evil" + names.size(), "muster." + key, MARK + "\n; touch " + folder.resolve(MARK)));
        }
        withLabel("web01", "muster.route.host", "sane.example.com");
        withLabel("web02", "noise", MARK.repeat(1 << 20)); // 5 MB
        withLabel("web03", MARK.repeat(1 << 20), "noise");

        try (MusterProcess watcher = watcher()) {
            MusterProcess agent = bed.agent(TTL, "--resync=1s").awaitReady();
            for (String instance : List.of("web01", "web02", "web03")) {
                bed.awaitPublished(instance);
            }
            watcher.awaitReady();
            await().until(() -> served("sane.example.com").contains("200 OK"));
            AgentBed.awaitSince(System.nanoTime(), Duration.ofSeconds(3)); // some more passes

            assertThat(everythingStored())
                    .contains("sane.example.com")
                    .as("in etcd")
                    .doesNotContain(MARK)
                    .doesNotContain("evil");
            assertThat(bed.etcd
                            .ctl("get", "--prefix", "--keys-only", "")
                            .lines()
                            .filter(line -> !line.isEmpty()))
                    .as("every key meets the grammar")
                    .allMatch(key -> key.matches("(/[A-Za-z0-9][A-Za-z0-9._-]*)+"));
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .as("files")
                        .contains("muster.cfg")
                        .doesNotContain(MARK);
            }
            assertThat(folder.resolve("muster.cfg"))
                    .content()
                    .contains("sane.example.com")
                    .doesNotContain(MARK)
                    .doesNotContain("evil");
            assertThat(watcher.log()).doesNotContain(MARK);
            for (String name : names) {
                assertThat(agent.log().lines().filter(line -> line.contains("container " + name + " is not published")))
                        .as("said once")
                        .hasSize(1)
                        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~') && line.length() < 600);
            }
            assertThat(refused(agent)).isGreaterThanOrEqualTo(names.size());
            assertThat(agent.log().lines().filter(line -> line.contains("web0") && line.contains("not published")))
                    .isEmpty();
        }
    }
}
