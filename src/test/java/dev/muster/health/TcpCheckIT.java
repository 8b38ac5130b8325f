package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.Target;
import dev.muster.testkit.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TcpCheckIT {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final TcpCheck check = new TcpCheck();

    @Test
    void whatAcceptsPassesAndWhatDoesNotFails() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThat(check.passes(new Target("127.0.0.1", socket.getLocalPort()), TIMEOUT))
                    .isTrue();
        }
        assertThat(check.passes(new Target("127.0.0.1", Ports.free()), TIMEOUT)).isFalse();
        assertThat(check.passes(new Target("no such host", 80), TIMEOUT)).isFalse();
    }

    @Test
    void whatDoesNotAnswerFailsInTime() throws Exception {
        try (ServerSocket full = full()) {
            long before = System.nanoTime();
            assertThat(check.passes(new Target("127.0.0.1", full.getLocalPort()), TIMEOUT))
                    .isFalse();
            // The JDK counts a connect's time in whole milliseconds.
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(TIMEOUT.minusMillis(1), TIMEOUT.multipliedBy(5));
        }
    }

    @Test
    void oneThatIsNoLongerWantedEndsAtOnce() throws Exception {
        try (ServerSocket full = full()) {
            AtomicReference<Object> ended = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    ended.set(check.passes(new Target("127.0.0.1", full.getLocalPort()), Duration.ofMinutes(5)));
                } catch (InterruptedException e) {
                    ended.set(e);
                }
            });
            await().until(() ->
                    thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
            thread.interrupt();
            await().atMost(Duration.ofSeconds(2)).until(() -> ended.get() instanceof InterruptedException);
        }
    }

    /** A socket whose queue is full: the kernel drops what comes. */
    private ServerSocket full() throws Exception {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Target target = new Target("127.0.0.1", socket.getLocalPort());
        for (int i = 0; i < 10 && check.passes(target, Duration.ofMillis(100)); i++) {
            assertThat(i).as("connections in a queue of one").isLessThan(9);
        }
        return socket;
    }
}
