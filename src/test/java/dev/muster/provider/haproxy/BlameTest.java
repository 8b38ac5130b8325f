package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.provider.Isolation;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HAProxy's own words lead to the service that it complains of. */
@Tag("fault-35")
class BlameTest {

    private static final Path PATH = Path.of("/etc/haproxy/haproxy.cfg");

    private static final String TEXT = """
            # Muster
            global
                log /dev/log local0
            defaults muster-http
                mode http

            frontend muster-http from muster-http
                bind *:80
                use_backend web if { var(txn.muster_host) -m str web }
                default_backend _no-service

            # muster service api http
            # muster setting haproxy_options timeout_server=999h
            backend api from muster-http
                timeout server 999h
                server api01:10.0.0.1:80 10.0.0.1:80 weight 100 # up

            # muster service web http
            backend web from muster-http
                http-check expect status 399-200
            """;

    private static Isolation.Objection of(String... alerts) {
        StringBuilder output = new StringBuilder("[NOTICE]   (7) : haproxy version is 2.6.12\n");
        for (String alert : alerts) {
            output.append("[ALERT]    (7) : config : ").append(alert).append('\n');
        }
        return Blame.of(output + "[ALERT]    (7) : config : Fatal errors found in configuration.\n", TEXT, PATH);
    }

    private static int line(String text) {
        return (int) TEXT.substring(0, TEXT.indexOf(text))
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
    }

    @Test
    void each_backend_with_a_line_that_is_named() {
        String api = "parsing [%s:%d] : timer overflow in argument '999h'".formatted(PATH, line("timeout server"));
        String web = "parsing [%s:%d] : 'http-check expect' : invalid range".formatted(PATH, line("http-check"));
        Isolation.Objection objection = of(api, web);
        assertThat(objection.named()).hasSize(2).containsEntry("api", api).containsEntry("web", web);
        assertThat(objection.words()).isEqualTo(api + "; " + web);
        assertThat(of("[%s:%d] : 'server api/api01' : no".formatted(PATH, line("server api01")))
                        .named())
                .containsOnlyKeys("api");
    }

    @Test
    void the_service_of_a_route() {
        assertThat(of("parsing [%s:%d] : error detected".formatted(PATH, line("use_backend")))
                        .named())
                .containsOnlyKeys("web");
    }

    @Test
    void the_service_of_a_certificate() {
        assertThat(
                        of("parsing [%s:%d] : 'bind *:443' : unable to load certificate from file '/etc/haproxy/haproxy.cfg.pem/web-0123456789abcdef.pem'."
                                        .formatted(PATH, line("bind")))
                                .named())
                .containsOnlyKeys("web");
    }

    @Test
    void nobody_for_what_is_nobodys() {
        assertThat(of("parsing [/etc/haproxy/snippets/mine.cfg:%d] : unknown keyword".formatted(line("timeout server")))
                        .named())
                .isEmpty();
        assertThat(of("parsing [%s:%d] : no".formatted(PATH, line("bind"))).named())
                .isEmpty();
        assertThat(of("parsing [%s:%d] : no".formatted(PATH, line("mode http"))).named())
                .isEmpty();
        assertThat(of("parsing [%s:999] : no".formatted(PATH)).named().keySet()).isSubsetOf("web");
    }
}
