package dev.muster.config;

import static dev.muster.testkit.Certificates.openssl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.testkit.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit together, or cannot be used, is refused with the reason before anything is asked. */
class EtcdSecurityIT {

    @TempDir
    private static Path folder;

    private static Certificates made;

    @BeforeAll
    static void make() {
        made = new Certificates(folder, "ca").issue("client", "DNS:client").issue("other", "DNS:other");
        openssl("genrsa -traditional -out %s 2048".formatted(folder.resolve("pkcs1.key")));
        openssl("ecparam -genkey -name prime256v1 -out " + folder.resolve("sec1.key"));
        openssl("pkcs8 -topk8 -in %s -passout pass:secret -out %s"
                .formatted(made.key("client"), folder.resolve("encrypted.key")));
        openssl("rsa -traditional -in %s -aes128 -passout pass:secret -out %s"
                .formatted(folder.resolve("pkcs1.key"), folder.resolve("encrypted-pkcs1.key")));
        openssl("genpkey -algorithm ed25519 -out " + folder.resolve("ed25519.key"));
        openssl("req -x509 -new -key %s -subj /CN=ed -days 2 -out %s"
                .formatted(folder.resolve("ed25519.key"), folder.resolve("ed25519.pem")));
        openssl("pkcs8 -topk8 -nocrypt -in %s -out %s"
                .formatted(folder.resolve("pkcs1.key"), folder.resolve("rsa.key")));
        openssl("req -x509 -new -key %s -subj /CN=rsa -days 2 -out %s"
                .formatted(folder.resolve("rsa.key"), folder.resolve("rsa.pem")));
        made.write("nothing", "");
        made.write("damaged.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        made.write("password", "correct-horse\n");
    }

    private static EtcdConfig from(String... flagsAndValues) {
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < flagsAndValues.length; i += 2) {
            flags.put(flagsAndValues[i], flagsAndValues[i + 1]);
        }
        return EtcdSettings.from(new Settings(flags, Map.of(), ConfigFile.none()));
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    /** With https, a CA, and this certificate and key. */
    private static EtcdConfig identity(String cert, String key) {
        return from(
                "etcd-endpoints", "https://10.0.0.5:2379",
                "etcd-ca", file("ca.pem"),
                "etcd-cert", file(cert),
                "etcd-key", file(key));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(UsageException.class).hasMessage(message);
    }

    @Test
    void certificatesAndKeysOfEveryUsualKindAreTaken() {
        EtcdConfig https = from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", file("ca.pem"));
        assertThat(https.tls().orElseThrow().authorities().orElseThrow()).hasSize(1);
        assertThat(https.tls().get().identity()).isEmpty();
        assertThat(identity("client.pem", "client.key").tls().orElseThrow().identity())
                .isPresent();
        assertThat(identity("ed25519.pem", "ed25519.key").tls().orElseThrow().identity())
                .isPresent();
        assertThat(identity("rsa.pem", "rsa.key").tls().orElseThrow().identity())
                .isPresent();
        EtcdConfig system = from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", "system");
        assertThat(system.tls().orElseThrow().authorities()).isEmpty();
        assertThat(from().tls()).isEmpty();
    }

    @Test
    void httpsNeedsSomebodyToVouch() {
        assertRefused(
                () -> from("etcd-endpoints", "https://10.0.0.5:2379"),
                "--etcd-endpoints 'https://10.0.0.5:2379': https needs --etcd-ca: the file of those who vouch for etcd's certificate, or 'system' for those whom Java trusts");
        assertRefused(
                () -> from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", file("absent")),
                "--etcd-ca '%s': there is no such file".formatted(file("absent")));
        assertRefused(
                () -> from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", file("nothing")),
                "--etcd-ca '%s': there is no certificate in it; allowed is a PEM file".formatted(file("nothing")));
        assertRefused(
                () -> from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", file("damaged.pem")),
                "--etcd-ca '%s': its certificate 1 cannot be read".formatted(file("damaged.pem")));
        assertRefused(
                () -> from("etcd-endpoints", "https://10.0.0.5:2379", "etcd-ca", folder.toString()),
                "--etcd-ca '%s': it cannot be read (IOException)".formatted(folder));
    }

    @Test
    void keysThatJavaCannotReadAreRefusedWithWhatConvertsThem() {
        assertRefused(
                () -> identity("client.pem", "pkcs1.key"),
                "--etcd-key '%1$s': its key is in the form PKCS#1 ('RSA PRIVATE KEY'), and PKCS#8 is needed; convert it: openssl pkcs8 -topk8 -nocrypt -in %1$s -out %1$s.pkcs8"
                        .formatted(file("pkcs1.key")));
        assertThatThrownBy(() -> identity("client.pem", "sec1.key"))
                .hasMessageContaining(
                        "its key is in the form SEC 1 ('EC PRIVATE KEY'), and PKCS#8 is needed; convert it: openssl");
        assertThatThrownBy(() -> identity("client.pem", "encrypted.key"))
                .hasMessageContaining(
                        "its key is encrypted, and nobody can be asked for the passphrase; convert it: openssl");
        assertThatThrownBy(() -> identity("client.pem", "encrypted-pkcs1.key"))
                .hasMessageContaining("its key is encrypted");
        assertThatThrownBy(() -> identity("client.pem", "client.pem")).hasMessageContaining("there is no private key");
    }

    /** The line that the refusal gives does it. */
    @Test
    void theLineThatConvertsAKeyConvertsIt() {
        openssl("pkcs8 -topk8 -nocrypt -in %1$s -out %1$s.pkcs8".formatted(file("sec1.key")));
        openssl("req -x509 -new -key %s -subj /CN=ec -days 2 -out %s".formatted(file("sec1.key"), file("sec1.pem")));
        assertThat(identity("sec1.pem", "sec1.key.pkcs8").tls().orElseThrow().identity())
                .isPresent();
    }

    @Test
    void aCertificateGoesWithItsOwnKey() {
        assertRefused(
                () -> identity("client.pem", "other.key"),
                "--etcd-key '%s': it is not the key of the first certificate in --etcd-cert '%s'"
                        .formatted(file("other.key"), file("client.pem")));
        assertThatThrownBy(() -> identity("client.pem", "rsa.key")).hasMessageContaining("it is not the key of");
        assertRefused(
                () -> from(
                        "etcd-endpoints",
                        "https://10.0.0.5:2379",
                        "etcd-ca",
                        file("ca.pem"),
                        "etcd-cert",
                        file("client.pem")),
                "--etcd-cert '%s': it needs --etcd-key too".formatted(file("client.pem")));
        assertRefused(
                () -> from(
                        "etcd-endpoints",
                        "https://10.0.0.5:2379",
                        "etcd-ca",
                        file("ca.pem"),
                        "etcd-key",
                        file("client.key")),
                "--etcd-key '%s': it needs --etcd-cert too".formatted(file("client.key")));
    }

    @Test
    void plainTextAndTlsAreNotMixed() {
        assertRefused(
                () -> from("etcd-endpoints", "https://a:1,http://b:2", "etcd-ca", file("ca.pem")),
                "--etcd-endpoints 'https://a:1,http://b:2': allowed are all http or all https");
        assertRefused(
                () -> from("etcd-endpoints", "http://a:1", "etcd-ca", file("ca.pem")),
                "--etcd-ca '%s': --etcd-endpoints says http, where it has no use; allowed is https://HOST:PORT there"
                        .formatted(file("ca.pem")));
        assertThatThrownBy(() -> from("etcd-cert", file("client.pem"), "etcd-key", file("client.key")))
                .hasMessageContaining("--etcd-endpoints says http");
    }

    @Test
    void aPasswordIsReadFromItsFileAndStandsInNoText() {
        EtcdConfig config = from("etcd-user", "muster", "etcd-password-file", file("password"));
        assertThat(config.user()).contains(new EtcdUser("muster", "correct-horse"));
        assertThat(config.toString()).contains("muster").doesNotContain("correct-horse");
        assertThat(identity("client.pem", "client.key").toString()).contains("CN=client");
        made.write("two-lines", "correct-horse\nbattery\n");
        assertThatThrownBy(() -> from("etcd-user", "muster", "etcd-password-file", file("two-lines")))
                .hasMessage("--etcd-password-file '%s': allowed is a file with one line, the password"
                        .formatted(file("two-lines")));
        assertThatThrownBy(() -> from("etcd-user", "muster", "etcd-password-file", file("nothing")))
                .hasMessageContaining("allowed is a file with one line, the password");
        assertThatThrownBy(() -> from("etcd-user", "muster", "etcd-password-file", file("absent")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> from("etcd-user", "muster")).hasMessageContaining("it needs --etcd-password-file too");
        assertThatThrownBy(() -> from("etcd-password-file", file("password")))
                .hasMessageContaining("it needs --etcd-user too");
    }

    @Test
    void aPasswordCrossesNoNetworkReadable() {
        for (String here : new String[] {"http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"}) {
            assertThat(from("etcd-endpoints", here, "etcd-user", "muster", "etcd-password-file", file("password"))
                            .user())
                    .as(here)
                    .isPresent();
        }
        for (String away : new String[] {
            "http://10.0.0.5:2379", "http://127.0.0.1:1,http://10.0.0.5:1", "http://127.0.0.1.example.com:1"
        }) {
            assertRefused(
                    () -> from("etcd-endpoints", away, "etcd-user", "muster", "etcd-password-file", file("password")),
                    "--etcd-user 'muster': its password would cross the network readable; allowed is https:// with --etcd-ca, or http:// to this machine alone (127.0.0.1, [::1], localhost)");
        }
        assertThat(from(
                                "etcd-endpoints",
                                "https://10.0.0.5:2379",
                                "etcd-ca",
                                file("ca.pem"),
                                "etcd-user",
                                "muster",
                                "etcd-password-file",
                                file("password"))
                        .user())
                .isPresent();
    }

    @Test
    void whatIsDiscoveredIsHttpsExactlyWithACa() {
        EtcdConfig plain = from("etcd-discovery-srv", "example.com");
        assertThat(plain.discovery()).contains("example.com");
        assertThat(plain.endpoints()).isEmpty();
        assertThat(plain.tls()).isEmpty();
        assertThat(from("etcd-discovery-srv", "example.com", "etcd-ca", file("ca.pem"))
                        .tls())
                .isPresent();
        assertThatThrownBy(() -> from(
                        "etcd-discovery-srv",
                        "example.com",
                        "etcd-user",
                        "muster",
                        "etcd-password-file",
                        file("password")))
                .hasMessageContaining("would cross the network readable");
        assertRefused(
                () -> from("etcd-discovery-srv", "example.com", "etcd-endpoints", "http://a:1"),
                "--etcd-discovery-srv 'example.com': --etcd-endpoints is given too; allowed is one of both");
    }

    @Test
    void whatWasRenewedInItsFilesCanBeReadAnew() throws IOException {
        made.write("later-password", "correct-horse\n");
        Files.copy(made.certificate("client"), folder.resolve("later.pem"));
        Files.copy(made.key("client"), folder.resolve("later.key"));
        EtcdConfig config = from(
                "etcd-endpoints", "https://10.0.0.5:2379",
                "etcd-ca", file("ca.pem"),
                "etcd-cert", file("later.pem"),
                "etcd-key", file("later.key"),
                "etcd-user", "muster",
                "etcd-password-file", file("later-password"));
        assertThat(config.renewed()).isEqualTo(config);

        made.write("later-password", "battery-staple\n");
        Files.copy(made.certificate("other"), folder.resolve("later.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(
                config::renewed,
                "--etcd-key '%s': it is not the key of the first certificate in --etcd-cert '%s'"
                        .formatted(file("later.key"), file("later.pem")));
        Files.copy(made.key("other"), folder.resolve("later.key"), StandardCopyOption.REPLACE_EXISTING);
        EtcdConfig renewed = config.renewed();
        assertThat(renewed.tls()).isEqualTo(identity("other.pem", "other.key").tls());
        assertThat(renewed.user()).contains(new EtcdUser("muster", "battery-staple"));
        assertThat(config.at(URI.create("https://10.0.0.6:2379")).renewed().endpoints())
                .containsExactly(URI.create("https://10.0.0.6:2379"));
        assertThat(config.asNobody().renewed().user()).isEmpty();
    }
}
