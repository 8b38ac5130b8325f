package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.ConfigFile;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Settings;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.Certificates;
import dev.muster.testkit.EtcdProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdTlsIT {

    @TempDir
    private static Path folder;

    private static Certificates ours;
    private static Certificates others;
    private static EtcdProcess etcd;

    @BeforeAll
    static void start() {
        ours = new Certificates(folder, "ca")
                .issue("server", "IP:127.0.0.1")
                .issue("client", "DNS:client")
                .issue("elsewhere", "DNS:etcd.example.test");
        others = new Certificates(folder, "otherca").issue("stranger", "DNS:client");
        etcd = serve("server", true);
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    private static EtcdProcess serve(String subject, boolean asksClients) {
        List<String> options =
                new ArrayList<>(List.of("--cert-file=" + ours.certificate(subject), "--key-file=" + ours.key(subject)));
        if (asksClients) {
            options.addAll(List.of("--trusted-ca-file=" + ours.authority(), "--client-cert-auth"));
        }
        return EtcdProcess.start(options.toArray(String[]::new));
    }

    /** As a person sets it. */
    private static EtcdConfig config(EtcdProcess server, Map<String, Path> files) {
        Map<String, String> flags = new HashMap<>();
        flags.put("etcd-endpoints", server.endpoint().toString());
        files.forEach((name, file) -> flags.put(name, file.toString()));
        return EtcdSettings.from(new Settings(flags, Map.of(), ConfigFile.none()));
    }

    private static Map<String, Path> as(Certificates issuer, String subject) {
        return Map.of(
                "etcd-ca", ours.authority(), "etcd-cert", issuer.certificate(subject), "etcd-key", issuer.key(subject));
    }

    private static void look(EtcdConfig config) throws RegistryException {
        try (EtcdConnection connection = new EtcdConnection(config)) {
            connection.look();
        }
    }

    @Test
    void withACertificateEtcdIsReadWrittenAndFollowed() throws RegistryException {
        EtcdConfig config = config(etcd, as(ours, "client"));
        try (EtcdConnection connection = new EtcdConnection(config)) {
            EtcdCatalogFeed feed = new EtcdCatalogFeed(connection, "/services", Duration.ofSeconds(10), Time.system());
            feed.start(() -> {});
            await().atMost(Duration.ofSeconds(5)).until(() -> feed.view().isPresent());
            connection.call(
                    "put",
                    client ->
                            client.getKVClient().put(EtcdKeys.bytes("/services/web/master"), EtcdKeys.bytes("web01")));
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> feed.view()
                            .orElseThrow()
                            .catalog()
                            .settings()
                            .getOrDefault("web", new TreeMap<>())
                            .containsKey("master"));
            feed.close();
        }
    }

    @Test
    void withoutOneOrWithAStrangersItIsRefused() {
        assertThatThrownBy(() -> look(config(etcd, Map.of("etcd-ca", ours.authority()))))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith(
                        "look at etcd: etcd cannot be reached (it wants a certificate that it trusts, --etcd-cert: ");
        assertThatThrownBy(() -> look(config(etcd, as(others, "stranger")))).isInstanceOf(RegistryException.class);
    }

    @Test
    void anEtcdThatNobodyWhomWeTrustVouchesForIsNotSpokenWith() throws RegistryException {
        try (EtcdProcess open = serve("server", false)) {
            look(config(open, Map.of("etcd-ca", ours.authority())));
            assertThatThrownBy(() -> look(config(open, Map.of("etcd-ca", others.authority()))))
                    .hasMessage(
                            "look at etcd: etcd cannot be reached (nobody in --etcd-ca vouches for its certificate)");
            assertThatThrownBy(() -> look(config(open, Map.of("etcd-ca", Path.of("system")))))
                    .as("nor does Java know it")
                    .hasMessageContaining("nobody in --etcd-ca vouches");
        }
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() {
        try (EtcdProcess elsewhere = serve("elsewhere", false)) {
            assertThatThrownBy(() -> look(config(elsewhere, Map.of("etcd-ca", ours.authority()))))
                    .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1 found");
        }
    }

    @Test
    void plainTextIsNotSpokenToIt() {
        EtcdConfig plain = new EtcdConfig(
                List.of(URI.create("http://127.0.0.1:" + etcd.port())), "/services", Duration.ofSeconds(2));
        assertThatThrownBy(() -> look(plain)).isInstanceOf(RegistryException.class);
        assertThat(etcd.endpoint().getScheme()).isEqualTo("https");
    }
}
