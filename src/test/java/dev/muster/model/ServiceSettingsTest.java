package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSettingsTest {

    private static final String PEM = "-----BEGIN %1$s-----\nMIIB/+aZ09==\n-----END %1$s-----\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "route53_zone | dev.example.com",
                "route53_zone | Z0123456789ABC",
                "route53_zone | TTHJM2B93HKZYQI940SMFZ",
                "dns_name | web.example.com",
                "dns_name | *.example.com",
                "dns_ttl | 600",
                "dns_type | A, SRV",
                "dns_routing | weighted",
                "dns_health_check | 0f1e2d3c-1111-2222-3333-444455556666",
                "dns_health_check | https:8443/health",
                "dns_srv | _http._tcp.web.example.com",
                "dns_srv_priority | 65535",
                "dns_srv_weight | 0",
                "dns_alias | Front-1.eu-west-1.elb.amazonaws.com./Z32O12XQLNTSW2",
                "dns_alias_health | true",
                "aws_role | shop-2",
                "target_group | web-blue",
                "target_group | arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef",
                "load_balancer | front",
                "health_digest | da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "master | 2",
                "https_redirect | true",
                "server_tls | no-verify",
                "server_tls_name | web.internal",
                "haproxy_options | balance=leastconn, timeout_server=30s,maxconn=10",
            })
    void takes_what_its_grammar_allows(String name, String value) {
        ServiceSettings.check(name, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dns_ttl | 10s | dns_ttl '10s': allowed is a whole number from 0 to 2147483647",
                "dns_name | web example | dns_name 'web example': allowed is a lower-case host name",
                "dns_type | MX | dns_type 'MX': allowed is A, AAAA or SRV",
                "dns_type | A,A | dns_type 'A,A': A is given twice; allowed is",
                "dns_routing | latency | dns_routing 'latency': allowed is simple, multivalue or weighted",
                "dns_health_check | a b | dns_health_check 'a b': allowed is none, tcp, tcp:PORT, http",
                "dns_srv_priority | 65536 | dns_srv_priority '65536': allowed is a whole number from 0 to 65535",
                "dns_srv_weight | -1 | dns_srv_weight '-1': allowed is a whole number from 0 to 65535",
                "dns_alias | front.example.com/web | dns_alias 'front.example.com/web': allowed is a load balancer's DNS name",
                "health_digest | DA39 | health_digest 'DA39': allowed is the SHA-1",
                "health_url | health php | health_url 'health php': allowed is a path",
                "master | a/b | master 'a/b': allowed is an instance's id",
                "https_redirect | yes | https_redirect 'yes': allowed is true or false",
                "server_tls | on | server_tls 'on': allowed is off, verify or no-verify",
                "server_tls_name | a;b | server_tls_name 'a;b': allowed is a host name",
                "route | www example.com | route 'www example.com': route host 'www example.com'",
                "route | , | route ',': there is no route in ''",
                "route | [1] | route '[1]': it is no JSON list of objects",
                "haproxy_options | mode=tcp | haproxy_options 'mode=tcp': there is no option 'mode'; allowed is NAME=VALUE",
                "haproxy_options | balance=first | balance 'first' is not roundrobin|leastconn|random|source",
                "haproxy_options | retries=1,retries=2 | retries is given twice",
                "haproxy_options | timeout_server=30 | timeout_server '30' is not DURATION",
                "haproxy_options | timeout_server=500h | timeout_server '500h' is not DURATION",
                "ssl_cert | nonsense | ssl_cert 'nonsense': allowed is a certificate",
                "color | red | setting 'color': allowed are aws_role, dns_alias, dns_alias_health,",
            })
    void names_the_setting_the_value_and_what_is_allowed(String name, String value, String message) {
        assertThatThrownBy(() -> ServiceSettings.check(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_line_end_in_a_value_becomes_no_directive() {
        for (ServiceSetting<?> setting : ServiceSettings.all()) {
            assertThatThrownBy(() -> setting.parse("true\n    http-request deny"))
                    .as(setting.name())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_key_is_never_shown() {
        assertThatThrownBy(() -> ServiceSettings.SSL_KEY.parse("s3cret"))
                .hasMessage(
                        "ssl_key (not shown): allowed is a private key in PEM, not encrypted, in PKCS#8 or PKCS#1 (openssl pkcs8 -topk8 -nocrypt makes one)");
    }

    @Test
    void certificates_and_keys_are_known_by_their_form() {
        String certificate = PEM.formatted("CERTIFICATE");
        ServiceSettings.SSL_CERT.parse("subject=CN = web\n" + certificate + certificate);
        ServiceSettings.SSL_KEY.parse(PEM.formatted("PRIVATE KEY"));
        ServiceSettings.SSL_KEY.parse(PEM.formatted("RSA PRIVATE KEY"));
        assertThatThrownBy(() -> ServiceSettings.SSL_KEY.parse(PEM.formatted("ENCRYPTED PRIVATE KEY")))
                .hasMessageContaining("not encrypted");
        assertThatThrownBy(() -> ServiceSettings.SSL_CERT.parse("-".repeat(60_000)))
                .hasMessageContaining("in PEM");
    }

    @Test
    void a_health_path_has_its_slash_whoever_wrote_it() {
        assertThat(ServiceSettings.HEALTH_URL.parse("health.php")).isEqualTo("/health.php");
        assertThat(ServiceSettings.HEALTH_URL.parse(" /health?full=1\n")).isEqualTo("/health?full=1");
    }

    @Test
    void routes_are_read_from_words_and_from_json() {
        List<Route> routes = List.of(
                new Route("www.example.com", "/api", 0), new Route("*.example.com", "", 8081), new Route("", "/", 0));
        assertThat(ServiceSettings.ROUTE.parse("WWW.example.com/api, *.example.com:8081, /"))
                .isEqualTo(routes);
        assertThat(ServiceSettings.ROUTE.parse("""
                        [{"host": "www.example.com", "path": "/api"}, {"port": 8081, "host":"*.example.com"},{"path":"/"}]""")).isEqualTo(routes);
        assertThat(ServiceSettings.ROUTE.parse("[]")).isEmpty();
    }

    @Test
    void options_are_written_as_they_are_read() {
        BackendOptions options = ServiceSettings.HAPROXY_OPTIONS.parse("maxconn=7 ,balance=leastconn");
        assertThat(options).hasToString("balance=leastconn,maxconn=7");
        assertThat(ServiceSettings.HAPROXY_OPTIONS.parse(options.toString())).isEqualTo(options);
    }

    @Test
    void faults_are_told_by_name_and_what_is_not_ours_is_left_alone() {
        assertThat(ServiceSettings.faults(
                        new TreeMap<>(Map.of("dns_ttl", "soon", "dns_name", "a.example.com", "db_private_ip", "{}"))))
                .containsOnlyKeys("dns_ttl");
    }

    @Test
    void no_instance_can_have_a_settings_name() {
        assertThat(ServiceSettings.all())
                .allSatisfy(setting -> assertThat(Name.isValid(setting.name())).isFalse());
    }
}
