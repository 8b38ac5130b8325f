package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code muster dev} with a real etcd and a real HAProxy: what it starts serves, and nothing of it outlives it. */
@OnThisEngine
class DevIT {

    private static final Path LAUNCHER = Path.of(System.getProperty("muster.distribution"), "bin", "muster");
    private static final Pattern PLACES =
            Pattern.compile("etcd at (?<etcd>\\S+), HTTP services at (?<http>\\S+), files in (?<folder>\\S+)\\s+"
                    + "metrics and health: (?<agent>\\S+)/metrics \\(agent\\), (?<watcher>\\S+)/metrics");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Path out;

    @SuppressWarnings("NullAway.Init") // every test launches it first
    private Process muster;

    @BeforeEach
    void prepare() {
        out = folder.resolve("out");
    }

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        muster.destroyForcibly().waitFor();
    }

    @Test
    void whatItStartsServesAndEndsWithItAndItsTemporaryFolderGoes() throws Exception {
        Matcher said = start("--bind", "127.0.0.1:" + Ports.free());
        URI watcher = URI.create(said.group("watcher") + "/health/ready");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(watcher).equals(Optional.of(200)));
        assertThat(status(URI.create(said.group("etcd") + "/health"))).hasValue(200);
        assertThat(status(URI.create(said.group("http")))).isPresent();
        assertThat(children(said.group("folder"))).hasSizeGreaterThanOrEqualTo(2);

        muster.destroy();
        assertThat(muster.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(muster.exitValue()).isZero();
        assertThat(children(said.group("folder"))).isEmpty();
        assertThat(Path.of(said.group("folder"))).doesNotExist();
    }

    @Test
    void nothingOutlivesItsBeingKilled() throws Exception {
        Matcher said = start("--bind", "127.0.0.1:" + Ports.free());
        URI watcher = URI.create(said.group("watcher") + "/health/ready");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(watcher).equals(Optional.of(200)));
        assertThat(children(said.group("folder"))).hasSizeGreaterThanOrEqualTo(2);

        muster.destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> children(said.group("folder")).isEmpty());
        await().until(() -> Files.notExists(Path.of(said.group("folder"))));
    }

    @Test
    void aFolderOfThePersonsChoiceStays() throws Exception {
        Path data = folder.resolve("data");
        Matcher said = start("--data", data.toString(), "--bind", "127.0.0.1:" + Ports.free());
        assertThat(said.group("folder")).isEqualTo(data.toString());

        muster.destroy();
        assertThat(muster.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(data.resolve("etcd")).isNotEmptyDirectory();
        assertThat(children(data.toString())).isEmpty();
    }

    @Test
    void aPortInUseIsRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch("--etcd-port", String.valueOf(taken.getLocalPort()));
            assertThat(muster.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(muster.exitValue()).isEqualTo(2);
            assertThat(Files.readString(out))
                    .isEqualTo("muster: --etcd-port '%d': that port is in use\n".formatted(taken.getLocalPort()));
        }
    }

    private Matcher start(String... flags) throws IOException {
        launch(flags);
        return await().atMost(Duration.ofSeconds(30)).until(() -> PLACES.matcher(Files.readString(out)), matcher -> {
            assertThat(muster.isAlive()).as("lives").isTrue();
            return matcher.find();
        });
    }

    private void launch(String... flags) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(LAUNCHER.toString(), "dev", "--private-address", "127.0.0.1", "--opt-in"),
                        Stream.of(flags))
                .toList();
        muster = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** Processes that name the folder on their command lines: etcd, HAProxy and who keeps them. */
    private static List<ProcessHandle> children(String folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(folder))
                .filter(process -> !process.info().commandLine().orElse("").contains("dev.muster.Main"))
                .toList();
    }

    private Optional<Integer> status(URI uri) throws InterruptedException {
        try {
            return Optional.of(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
