package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.KeyedCertificate;
import dev.muster.provider.Provider;
import dev.muster.testkit.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients are spoken to with TLS as soon as there is a certificate, and always with the last good one. */
class HaproxyTlsIT {

    @TempDir
    Path issued;

    private final HaproxyFixture haproxy = fixture();
    private final Provider provider = haproxy.open();
    private Certificates certificates;
    private TlsClient client;
    private Backend one;
    private Desired web;

    HaproxyFixture fixture() {
        return new HaproxyFixture();
    }

    @BeforeEach
    void start() throws Exception {
        certificates = new Certificates(issued, "ca").issue("localhost", "DNS:localhost");
        client = new TlsClient(certificates.authority());
        one = new Backend("one");
        web = Desired.nothing().http("web", Desired.host("localhost")).up("web", "one", one.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        one.close();
        provider.close();
        haproxy.close();
    }

    private String https(String path) {
        return "https://localhost:%d%s".formatted(haproxy.tlsPort, path);
    }

    private void inFolder(String subject, String as) throws IOException {
        replace(certificates.certificate(subject), as + ".crt");
        replace(certificates.key(subject), as + ".key");
    }

    private void replace(Path from, String name) throws IOException {
        Files.copy(from, haproxy.certificates.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private Desired withCertificate(Desired desired, String service, String subject) throws IOException {
        return desired.set(
                service,
                "ssl_cert",
                Files.readString(certificates.certificate(subject)),
                "ssl_key",
                Files.readString(certificates.key(subject)));
    }

    private String serial(String subject) {
        return TlsClient.serial(certificates.certificate(subject));
    }

    private String shown(String name) throws IOException {
        return client.shown(haproxy.tlsPort, name);
    }

    @Test
    void with_http_2_once_there_is_a_certificate_and_without_tls_as_before() throws Exception {
        web.applyTo(provider);
        assertThatThrownBy(() -> client.get(https("/"))).isInstanceOf(IOException.class);
        inFolder("localhost", "localhost");
        web.applyTo(provider);
        HttpResponse<String> answer = client.get(https("/"));
        assertThat(answer.body()).isEqualTo("one");
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(Client.get(haproxy.port, "localhost", "/").body()).isEqualTo("one");
        assertThat(Client.get(haproxy.port, "localhost", "/proto").body()).isEmpty();
        assertThat(client.get(https("/proto")).body()).isEqualTo("https");

        long worker = haproxy.workers().current();
        for (int i = 0; i < 3; i++) {
            assertThat(web.applyTo(provider).changes()).isEmpty();
        }
        assertThat(haproxy.workers().current()).as("no reload without a reason").isEqualTo(worker);
    }

    @Test
    void plain_requests_are_sent_to_tls_where_a_setting_says_so() throws Exception {
        Desired redirected = web.set("web", "https_redirect", "true");
        redirected.applyTo(provider);
        assertThat(Client.get(haproxy.port, "localhost", "/").status())
                .as("there is nowhere to send them yet")
                .isEqualTo(200);
        inFolder("localhost", "localhost");
        redirected.applyTo(provider);
        HttpResponse<String> plain = client.get("http://localhost:%d/a?b=c".formatted(haproxy.port));
        assertThat(plain.statusCode()).isEqualTo(308);
        assertThat(plain.headers().firstValue("location")).contains(https("/a?b=c"));
        assertThat(client.get(https("/a?b=c")).body()).isEqualTo("one");

        // A kept connection of a worker that was replaced: its successor must know that the client came with TLS.
        redirected.http("app").applyTo(provider);
        assertThat(client.get(https("/")).statusCode()).isEqualTo(200);
    }

    @Test
    void websockets_go_through_it_and_live_over_a_reload() throws Exception {
        inFolder("localhost", "localhost");
        try (WebSocketEcho echo = new WebSocketEcho()) {
            Desired sockets =
                    Desired.nothing().http("ws", Desired.host("localhost")).up("ws", "echo", echo.port());
            sockets.applyTo(provider);
            CompletableFuture<String> first = new CompletableFuture<>();
            CompletableFuture<String> second = new CompletableFuture<>();
            WebSocket socket = client.http
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("wss://localhost:%d/".formatted(haproxy.tlsPort)), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            (first.isDone() ? second : first).complete(text.toString());
                            from.request(1);
                            return CompletableFuture.completedFuture(null);
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
            long worker = haproxy.workers().current();
            sockets.http("app").applyTo(provider);
            assertThat(haproxy.workers().current()).isNotEqualTo(worker);
            socket.sendText("still there", true).get(10, TimeUnit.SECONDS);
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("still there");
            socket.abort();
        }
    }

    @Test
    void a_renewed_certificate_is_shown_and_a_bad_one_never_is() throws Exception {
        inFolder("localhost", "localhost");
        web.applyTo(provider);
        String first = serial("localhost");
        assertThat(shown("localhost")).isEqualTo(first);
        certificates.issue("localhost", "DNS:localhost");
        inFolder("localhost", "localhost");
        provider.actual();
        String second = serial("localhost");
        assertThat(second).isNotEqualTo(first);
        assertThat(shown("localhost")).isEqualTo(second);

        certificates.issue("other", "DNS:other");
        replace(certificates.key("other"), "localhost.key");
        provider.actual();
        assertThat(shown("localhost")).as("the key is another one's").isEqualTo(second);
        Files.writeString(haproxy.certificates.resolve("localhost.crt"), "garbage");
        provider.actual();
        assertThat(shown("localhost")).as("garbage").isEqualTo(second);
        try (Provider next = haproxy.open()) {
            next.actual();
            assertThat(shown("localhost")).as("after a restart of the watcher").isEqualTo(second);
        }
        assertThat(client.get(https("/")).body()).isEqualTo("one");
    }

    @Test
    void one_that_has_expired_is_not_taken_and_one_that_is_shown_stays() throws Exception {
        inFolder("localhost", "localhost");
        CertificateFolder later = new CertificateFolder(
                Optional.of(haproxy.certificates), Clock.offset(Clock.systemUTC(), Duration.ofDays(3)));
        CertificateFolder.Found fresh = later.read(new TreeMap<>());
        assertThat(fresh.certificates()).isEmpty();
        assertThat(fresh.faults()).singleElement().asString().contains("localhost.crt: it has expired at 20");
        TreeMap<String, KeyedCertificate> shown = new TreeMap<>();
        shown.put(
                "localhost",
                new KeyedCertificate(
                        Files.readString(certificates.certificate("localhost")),
                        Files.readString(certificates.key("localhost"))));
        assertThat(later.read(shown)).isEqualTo(new CertificateFolder.Found(shown, java.util.List.of()));
    }

    @Test
    void every_name_has_its_own_wherever_it_comes_from() throws Exception {
        certificates.issue("shop", "DNS:shop.example.com").issue("pay", "DNS:pay.example.com");
        inFolder("localhost", "a-default");
        Desired desired = withCertificate(web.http("shop").http("pay"), "shop", "shop");
        withCertificate(desired, "pay", "pay").applyTo(provider);
        assertThat(shown("shop.example.com")).isEqualTo(serial("shop"));
        assertThat(shown("pay.example.com")).isEqualTo(serial("pay"));
        assertThat(shown("unknown.example.com")).as("the folder's first").isEqualTo(serial("localhost"));
        desired.applyTo(provider);
        assertThat(shown("pay.example.com")).as("taken back").isEqualTo(serial("localhost"));
    }

    @Test
    void keys_are_for_their_owner_only_and_go_when_nobody_names_them() throws Exception {
        Desired desired = withCertificate(web, "web", "localhost");
        desired.applyTo(provider);
        Path folder = haproxy.folder.resolve("haproxy.cfg.pem");
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
        assertThat(haproxy.text()).doesNotContain("PRIVATE");

        certificates.issue("localhost", "DNS:localhost");
        withCertificate(web, "web", "localhost").applyTo(provider);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList()).as("the old one is gone").hasSize(2);
        }
        assertThat(shown("localhost")).isEqualTo(serial("localhost"));
    }

    @Test
    void files_that_somebody_edited_or_removed_are_mended() throws Exception {
        Desired desired = withCertificate(web, "web", "localhost");
        desired.applyTo(provider);
        Path folder = haproxy.folder.resolve("haproxy.cfg.pem");
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.filter(each -> String.valueOf(each.getFileName()).startsWith("web-"))
                    .findFirst()
                    .orElseThrow();
        }
        String good = Files.readString(file);
        certificates.issue("other", "DNS:other");
        Files.writeString(
                file,
                Files.readString(certificates.certificate("other")) + Files.readString(certificates.key("other")));
        haproxy.master().reload(haproxy.workers());
        assertThat(shown("localhost")).isEqualTo(serial("other"));
        desired.applyTo(provider);
        assertThat(Files.readString(file)).isEqualTo(good);
        assertThat(shown("localhost")).isEqualTo(serial("localhost"));

        Files.delete(file);
        try (Provider next = haproxy.open()) {
            desired.applyTo(next);
            assertThat(desired.applyTo(next).changes()).isEmpty();
        }
        assertThat(Files.readString(file)).isEqualTo(good);
        assertThat(shown("localhost")).isEqualTo(serial("localhost"));
    }

    @Test
    void a_port_that_another_program_has_keeps_only_tls_waiting() throws Exception {
        inFolder("localhost", "localhost");
        try (ServerSocket taken = new ServerSocket(haproxy.tlsPort, 10, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            web.applyTo(provider);
            assertThat(Client.get(haproxy.port, "localhost", "/").body()).isEqualTo("one");
        }
        provider.actual();
        assertThat(client.get(https("/")).body()).isEqualTo("one");
    }
}
