package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineUriTest {

    private static String client(String text) {
        try (EngineClient client = new EngineClient(URI.create(text), Duration.ofSeconds(1))) {
            return client.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:///var/run/docker.sock", "tcp://localhost:2375", "tcp://127.0.0.1"})
    void unixSocketsAndTcpAreTaken(String text) {
        assertThat(client(text)).isEqualTo("Docker at " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://host", "/var/run/docker.sock", "unix:relative", "tcp:/", "tcp:///x", "http://host"})
    void anythingElseIsRefusedWithWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client(text))
                .withMessageContaining("unix:///")
                .withMessageContaining("tcp://");
    }
}
