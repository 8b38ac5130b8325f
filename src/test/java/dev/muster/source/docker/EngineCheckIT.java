package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.EngineConfig;
import dev.muster.doctor.Seen;
import dev.muster.testkit.EngineProxy;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real engine, and sockets behind which something is wrong. */
class EngineCheckIT {

    private static final URI REAL = URI.create("unix:///var/run/docker.sock");

    @TempDir
    private Path folder;

    @Test
    void theRealEngineIsWell() throws Exception {
        assertThat(look(REAL))
                .hasSize(3)
                .allMatch(line -> line.startsWith("OK "))
                .anyMatch(line -> line.matches("OK engine: Docker [0-9].*, API 1\\..* at " + REAL + ", answers in .*"))
                .contains("OK events: its stream of events opens");
    }

    @Test
    void aSocketThatIsNotThereIsAFaultWhereAnEngineIsNeeded() throws Exception {
        URI nowhere = URI.create("unix://" + folder.resolve("none.sock"));
        assertThat(look(nowhere))
                .singleElement()
                .asString()
                .startsWith("FAIL engine: no container engine: %s is not there".formatted(nowhere.getPath()))
                .contains("apt-get install docker.io");
        assertThat(Seen.by(new EngineCheck(EngineConfig.plain(nowhere), Duration.ofSeconds(2), false)))
                .singleElement()
                .asString()
                .startsWith("WARN engine: no container engine")
                .contains("-> nothing, where no agent is to run; else install");
    }

    @Test
    void aSocketThatNobodyListensOnIsAStoppedEngine() throws Exception {
        Path socket = folder.resolve("left.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close(); // the file stays

        assertThat(look(URI.create("unix://" + socket)))
                .containsExactly(
                        "FAIL engine: %s is there and nobody listens on it -> start the engine: systemctl start docker"
                                .formatted(socket));
    }

    @Test
    void anEngineThatStandsStillIsGivenUpWithinItsBound() throws Exception {
        try (EngineProxy proxy = new EngineProxy(folder)) {
            proxy.silence(true);
            long begun = System.nanoTime();
            assertThat(look(proxy.uri()))
                    .singleElement()
                    .asString()
                    .startsWith("FAIL engine: %s gives no answer: no answer within 2000 ms".formatted(proxy.uri()));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));

            proxy.silence(false);
            assertThat(look(proxy.uri())).allMatch(line -> line.startsWith("OK "));
        }
    }

    @Test
    void aProxyThatAllowsTooLittleIsToldByWhatItRefuses() throws Exception {
        try (ScriptedEngine engine = new ScriptedEngine(folder)) {
            engine.json("/version", 200, "{\"Version\":\"18.09.1\",\"ApiVersion\":\"1.39\"}")
                    .json("/containers/json", 403, "{\"message\":\"forbidden\"}");

            assertThat(look(engine.uri()))
                    .hasSize(3)
                    .anyMatch(line ->
                            line.startsWith("WARN engine: Docker 18.09.1") && line.endsWith("-> update the engine"))
                    .anyMatch(line -> line.startsWith("FAIL list: its containers cannot be listed: it answers 403"))
                    .anyMatch(
                            line -> line.startsWith("FAIL events: its stream of events does not open: it answers 500"));
            assertThat(engine.asked()).allMatch(path -> path.matches("/version|/_ping|/containers/json|/events.*"));
        }
    }

    @Test
    void aRemoteEngineThatIsNotThereIsTold() throws Exception {
        assertThat(look(URI.create("tcp://127.0.0.1:1")))
                .singleElement()
                .asString()
                .startsWith("FAIL engine: tcp://127.0.0.1:1 gives no answer: ")
                .contains("--docker");
    }

    private static List<String> look(URI address) throws InterruptedException {
        return Seen.by(new EngineCheck(EngineConfig.plain(address), Duration.ofSeconds(2), true));
    }
}
