package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineConfigTest {

    private static final Optional<Path> TLS = Optional.of(Path.of("/etc/muster/docker"));

    private static EngineConfig engine(String text) {
        return EngineConfig.plain(URI.create(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:///var/run/docker.sock", "tcp://localhost:2375", "tcp://[fe80::1]:2376"})
    void unixSocketsAndTcpAreTaken(String text) {
        assertThat(engine(text).address()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://host",
                "/var/run/docker.sock",
                "unix:relative",
                "unix://host/x",
                "tcp:/",
                "tcp://host",
                "http://host:1"
            })
    void anythingElseIsRefusedWithWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine(text))
                .withMessageContaining(text)
                .withMessageContaining("unix:///PATH or tcp://HOST:PORT");
    }

    @Test
    void onlyTcpHasTls() {
        assertThat(new EngineConfig(URI.create("tcp://engine:2376"), TLS).tlsDir())
                .isEqualTo(TLS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(URI.create("unix:///run/docker.sock"), TLS))
                .withMessageContaining("only tcp://HOST:PORT has TLS");
    }

    @Test
    void thePersonIsToldWhichFlagsDoNotGoTogether() {
        assertThat(AgentSettings.engine(settings("tcp://10.0.0.9:2376")))
                .contains(new EngineConfig(URI.create("tcp://10.0.0.9:2376"), TLS));
        assertThat(catchThrowable(() -> AgentSettings.engine(settings("unix:///run/docker.sock"))))
                .isInstanceOf(UsageException.class)
                .hasMessage("--docker-tls-dir '/etc/muster/docker': --docker is unix:///run/docker.sock, and only"
                        + " tcp://HOST:PORT has TLS");
    }

    private static Settings settings(String docker) {
        return ConfigsTest.settings(Map.of("docker", docker, "docker-tls-dir", "/etc/muster/docker"));
    }

    @Test
    void exposedIsWhatPassesOverANetworkInTheClear() {
        for (String text :
                new String[] {"tcp://10.0.0.9:2375", "tcp://docker:2375", "tcp://127.0.0.1.example.com:2375"}) {
            assertThat(engine(text).exposed()).as(text).isTrue();
        }
        for (String text :
                new String[] {"tcp://127.0.0.1:2375", "tcp://localhost:2375", "tcp://[::1]:2375", "unix:///run/x.sock"
                }) {
            assertThat(engine(text).exposed()).as(text).isFalse();
        }
        assertThat(new EngineConfig(URI.create("tcp://10.0.0.9:2376"), TLS).exposed())
                .isFalse();
    }
}
