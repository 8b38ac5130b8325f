package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.config.EngineConfig;
import dev.muster.source.SourceException;
import dev.muster.testkit.SimulatedHost;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real engine that wants to know its clients ({@code dockerd --tlsverify}): who gets in, who does not, and what is said. */
@Timeout(120)
final class EngineTlsIT {

    private static final String CLIENT_KEY = "/etc/docker/tls/client/key.pem";

    private static SimulatedHost host;
    private static SimulatedHost other;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        host = SimulatedHost.start();
        other = SimulatedHost.start();
    }

    @AfterAll
    static void stop() {
        host.close();
        other.close();
    }

    @BeforeEach
    void bringCertificates() {
        host.certificates(folder);
    }

    private static URI at(String name) {
        return URI.create("tcp://%s:%d".formatted(name, host.dockerPort()));
    }

    private DockerContainers asking(String name, Optional<Path> tlsDir) {
        return new DockerContainers(new EngineConfig(at(name), tlsDir), Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    private void isLetIn() throws SourceException {
        try (DockerContainers docker = asking("127.0.0.1", Optional.of(folder))) {
            assertThat(docker.list()).isEmpty();
        }
    }

    private void isKeptOut(String name, String why) {
        try (DockerContainers docker = asking(name, Optional.of(folder))) {
            assertThatExceptionOfType(SourceException.class)
                    .isThrownBy(docker::list)
                    .withMessageContaining(name)
                    .withMessageContaining(why);
        }
    }

    private void isRefused(String file, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asking("127.0.0.1", Optional.of(folder)))
                .withMessageContaining(folder.resolve(file).toString())
                .withMessageContaining(why);
    }

    @Test
    void whoHasTheThreeFilesIsLetIn() throws Exception {
        isLetIn();
    }

    @Test
    void keysInPkcs1AreTakenToo() throws Exception {
        Files.writeString(folder.resolve("key.pem"), host.exec("openssl", "rsa", "-traditional", "-in", CLIENT_KEY));
        assertThat(folder.resolve("key.pem")).content().contains("BEGIN RSA PRIVATE KEY");
        isLetIn();
    }

    @Test
    void anEngineOfAnotherAuthorityIsNotTrusted() throws Exception {
        Files.copy(
                other.certificates(Files.createDirectory(folder.resolve("other")))
                        .resolve("ca.pem"),
                folder.resolve("ca.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        isKeptOut("127.0.0.1", "PKIX path");
    }

    @Test
    void anEngineUnderAnotherNameIsNotTrusted() {
        isKeptOut("localhost", "localhost");
    }

    @Test
    void theEngineKeepsOutWhoHasNoCertificateOrAnotherAuthoritys() throws Exception {
        Files.delete(folder.resolve("cert.pem"));
        Files.delete(folder.resolve("key.pem"));
        isKeptOut("127.0.0.1", "certificate");
        Path others = other.certificates(Files.createDirectory(folder.resolve("other")));
        Files.copy(others.resolve("cert.pem"), folder.resolve("cert.pem"));
        Files.copy(others.resolve("key.pem"), folder.resolve("key.pem"));
        isKeptOut("127.0.0.1", "certificate");
    }

    @Test
    void withoutTlsTheEngineSaysWhatIsMissing() {
        try (DockerContainers docker = asking("127.0.0.1", Optional.empty())) {
            assertThatExceptionOfType(SourceException.class)
                    .isThrownBy(docker::list)
                    .withMessageContaining("Client sent an HTTP request to an HTTPS server");
        }
    }

    @Test
    void aFileThatIsMissingOrIsNoneIsRefusedAtTheStart() throws IOException {
        Files.delete(folder.resolve("cert.pem"));
        isRefused("cert.pem", "no such file");
        host.certificates(folder);
        Files.delete(folder.resolve("key.pem"));
        isRefused("key.pem", "no such file");
        host.certificates(folder);
        Files.delete(folder.resolve("ca.pem"));
        isRefused("ca.pem", "no such file");
        Files.writeString(folder.resolve("ca.pem"), "nothing");
        isRefused("ca.pem", "certificate");
        Files.writeString(folder.resolve("ca.pem"), "");
        isRefused("ca.pem", "certificate");
    }
}
