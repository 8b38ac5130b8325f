package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.KeyedCertificate;
import dev.muster.provider.haproxy.HaproxyFile.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What settings make of a backend, word for word. */
class BackendTextTest {

    private static final Path PEM = Path.of("/etc/h.pem");
    private static final String CHAIN = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    private static final String KEY = "-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----\n";
    private static final KeyedCertificate CERTIFICATE = new KeyedCertificate(CHAIN, KEY);

    private final HaproxyFile file = new HaproxyFile(new HaproxySettings(
            List.of("*:8080"), List.of("*:8443"), Path.of("/run/a.sock"), Path.of("/etc/h.state"), PEM, ""));

    private static String backend(Desired desired, String service, int redirect) {
        return BackendText.of(Objects.requireNonNull(desired.services().get(service)), PEM, redirect);
    }

    @Test
    void without_settings() {
        assertThat(backend(Desired.nothing().http("web"), "web", 8443)).isEqualTo("""

                # muster service web http
                backend web from muster-http
                    option forwardfor
                    http-error status 503 content-type "text/plain; charset=utf-8" hdr X-Content-Type-Options nosniff string "muster: no instance of service 'web' is in service\\n"
                """);
        assertThat(backend(Desired.nothing().tcp("db"), "db", 8443)).isEqualTo("""

                # muster service db tcp
                backend db from muster-tcp
                """);
    }

    @Test
    void with_all_of_them() {
        Desired desired = Desired.nothing()
                .set(
                        "web",
                        "health_url",
                        "health.php",
                        "server_tls",
                        "verify",
                        "server_tls_name",
                        "web.internal",
                        "server_tls_ca",
                        CHAIN,
                        "https_redirect",
                        "true",
                        "haproxy_options",
                        "balance=source,timeout_connect=2s,timeout_queue=1s,timeout_server=30s,timeout_tunnel=2h,retries=2,"
                                + "maxconn=10,http_reuse=always,compression=gzip,check_interval=3s,check_fall=3,check_rise=4,"
                                + "check_status=200,check_host=example.com");
        assertThat(backend(desired, "web", 443)).isEqualTo("""

                # muster service web http
                # muster setting haproxy_options balance=source,timeout_connect=2s,timeout_queue=1s,timeout_server=30s,timeout_tunnel=2h,retries=2,maxconn=10,http_reuse=always,compression=gzip,check_interval=3s,check_fall=3,check_rise=4,check_status=200,check_host=example.com
                # muster setting health_url /health.php
                # muster setting https_redirect true
                # muster setting server_tls verify
                # muster setting server_tls_name web.internal
                # muster authorities %1$s
                backend web from muster-http
                    option forwardfor
                    http-error status 503 content-type "text/plain; charset=utf-8" hdr X-Content-Type-Options nosniff string "muster: no instance of service 'web' is in service\\n"
                    http-request redirect location https://%%[var(txn.muster_host)]%%[pathq] code 308 unless { var(txn.muster_tls) -m bool }
                    option httpchk
                    http-check send meth GET uri /health.php ver HTTP/1.1 hdr Host example.com hdr Connection close
                    http-check expect status 200
                    balance source
                    hash-type consistent
                    timeout connect 2s
                    timeout queue 1s
                    timeout server 30s
                    timeout tunnel 2h
                    retries 2
                    http-reuse always
                    compression algo gzip
                    compression type text/html text/plain text/css text/javascript application/javascript application/json image/svg+xml
                    default-server check inter 3s fastinter 250ms fall 3 rise 4 maxconn 10 ssl verify required ca-file /etc/h.pem/%1$s verifyhost web.internal sni str(web.internal) check-sni web.internal
                """.formatted(PemFolder.authorities(CHAIN.strip())));
    }

    @Test
    void a_redirect_waits_for_tls_and_says_so() {
        Desired desired = Desired.nothing().set("web", "https_redirect", "true");
        assertThat(backend(desired, "web", 0)).doesNotContain("redirect location");
        assertThat(file.render(HaproxyModel.of(desired.services())).lost())
                .containsExactly("web: https_redirect waits until there is a certificate and a port for TLS");
        assertThat(backend(desired, "web", 8443))
                .contains("redirect location https://%[var(txn.muster_host)]:8443%[pathq]");
    }

    @Test
    void certificates_make_a_bind_and_are_read_back() {
        Desired desired = Desired.nothing()
                .up("web", "web01", 8001)
                .set("web", "ssl_cert", CHAIN, "ssl_key", KEY, "server_tls", "verify", "server_tls_ca", CHAIN);
        HaproxyModel model = HaproxyModel.of(desired.services()).showing(new TreeMap<>(Map.of("star", CERTIFICATE)));
        Rendered rendered = file.render(model);
        String list = PEM.resolve(PemFolder.certificate("star", CERTIFICATE)) + "\n"
                + PEM.resolve(PemFolder.certificate("web", CERTIFICATE)) + "\n";
        assertThat(rendered.text())
                .contains(
                        "    bind *:8443 ssl crt-list /etc/h.pem/%s alpn h2,http/1.1\n".formatted(PemFolder.list(list)))
                .doesNotContain("MIIB", "MIIC");
        assertThat(rendered.files())
                .containsEntry(PemFolder.list(list), list)
                .containsEntry(PemFolder.certificate("web", CERTIFICATE), CHAIN + KEY)
                .hasSize(4);
        assertThat(HaproxyFileReader.read(
                        rendered.text(),
                        name -> Optional.ofNullable(rendered.files().get(name))))
                .contains(model);
        assertThat(HaproxyFileReader.read(rendered.text(), name -> Optional.empty())
                        .orElseThrow()
                        .hasCertificate())
                .as("what is gone from the folder counts as not there")
                .isFalse();
    }

    @Test
    void another_certificate_is_another_structure() {
        KeyedCertificate other = new KeyedCertificate(CHAIN.replace("MIIB", "MIIX"), KEY);
        assertThat(file.render(HaproxyModel.EMPTY.showing(new TreeMap<>(Map.of("a", other))))
                        .structure())
                .isNotEqualTo(file.render(HaproxyModel.EMPTY.showing(new TreeMap<>(Map.of("a", CERTIFICATE))))
                        .structure());
    }

    @Test
    void there_is_no_tls_where_its_port_is_another_programs() {
        HaproxyModel model = HaproxyModel.EMPTY
                .showing(new TreeMap<>(Map.of("star", CERTIFICATE)))
                .refusing(new java.util.TreeSet<>(List.of(8443)));
        assertThat(file.render(model).text()).doesNotContain("ssl crt-list");
    }

    @Test
    void a_key_is_in_no_words() {
        assertThat(Desired.nothing()
                        .set("web", "ssl_cert", CHAIN, "ssl_key", KEY)
                        .toString())
                .doesNotContain("MIIC");
    }
}
