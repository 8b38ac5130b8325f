package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import dev.muster.testkit.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an instance whose registration is gone says to its own check, through real sockets. */
final class InstanceProbeIT {

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final InstanceProbe probe = new InstanceProbe();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private ServerSocket listening;
    private volatile String answer = "";

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                StringBuilder request = new StringBuilder();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    request.append(line).append('\n');
                }
                requests.add(request.toString());
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                if (answer.isEmpty()) {
                    in.read(); // until the other side gives up
                }
            } catch (IOException e) {
                requests.add("cut: " + e.getMessage());
            }
        }
    }

    private Target target() {
        return new Target("127.0.0.1", listening.getLocalPort());
    }

    @ParameterizedTest
    @CsvSource({
        "200-399, HTTP/1.1 200 OK, CHECK_PASSES",
        "200-399, HTTP/1.0 302 Found, CHECK_PASSES",
        "200-399, HTTP/1.1 503 Service Unavailable, SILENT",
        "204, HTTP/1.1 204, CHECK_PASSES",
        "204, HTTP/1.1 200 OK, SILENT",
        "200, 220 mail.example.com ESMTP, SILENT",
        "200, HTTP/1.1 2000, SILENT",
    })
    void anHttpCheckGoesByTheStatus(String allowed, String statusLine, ProbeResult expected) throws Exception {
        answer = statusLine + "\r\nContent-Length: 0\r\n\r\n";
        assertThat(probe.ask(target(), CheckSpec.http("/health?full=1", allowed), TIMEOUT))
                .isEqualTo(expected);
        assertThat(requests.take())
                .startsWith("GET /health?full=1 HTTP/1.1\nHost: " + target() + "\n")
                .contains("Connection: close");
    }

    @Test
    void anHttpCheckThatIsNotAnsweredInTimeFails() throws Exception {
        long before = System.nanoTime();
        assertThat(probe.ask(target(), CheckSpec.http("/", "200"), TIMEOUT)).isEqualTo(ProbeResult.SILENT);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(TIMEOUT.multipliedBy(4));
    }

    @Test
    void whatCannotBeRunCountsAsABareAnswer() throws Exception {
        for (CheckSpec check : new CheckSpec[] {CheckSpec.TCP, CheckSpec.NONE, CheckSpec.UNKNOWN}) {
            assertThat(probe.ask(target(), check, TIMEOUT)).as("%s", check).isEqualTo(ProbeResult.BARE_TCP);
        }
    }

    @Test
    void whereNobodyListensEveryCheckIsSilent() throws Exception {
        Target nobody = new Target("127.0.0.1", Ports.free());
        for (CheckSpec check : new CheckSpec[] {CheckSpec.TCP, CheckSpec.UNKNOWN, CheckSpec.http("/", "200")}) {
            assertThat(probe.ask(nobody, check, TIMEOUT)).as("%s", check).isEqualTo(ProbeResult.SILENT);
        }
    }
}
