package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.DnsHealthCheck.Existing;
import dev.muster.model.DnsHealthCheck.Kind;
import dev.muster.model.DnsHealthCheck.Own;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsHealthCheckTest {

    private static final String ID = "0f1e2d3c-1111-2222-3333-444455556666";

    @Test
    void is_what_is_said_and_says_it() {
        List<DnsHealthCheck> all = List.of(
                DnsHealthCheck.NONE,
                new Own(Kind.TCP, OptionalInt.empty(), ""),
                new Own(Kind.TCP, OptionalInt.of(65535), ""),
                new Own(Kind.HTTP, OptionalInt.empty(), "/"),
                new Own(Kind.HTTPS, OptionalInt.of(8443), "/health?deep=1"),
                new Existing(ID));
        assertThat(all)
                .extracting(DnsHealthCheck::text)
                .containsExactly("none", "tcp", "tcp:65535", "http/", "https:8443/health?deep=1", ID);
        assertThat(all)
                .allSatisfy(one ->
                        assertThat(DnsSettings.HEALTH_CHECK.parse(one.text())).isEqualTo(one));
    }

    /** A word is never taken for an id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http",
                "https",
                "TCP",
                "udp",
                "None",
                "tcp/health",
                "tcp:",
                "tcp:0",
                "tcp:65536",
                "tcp:99999999",
                "http:80",
                "http:/x",
                "http/a b",
                "http//é",
                "https:443:/x"
            })
    void what_is_none_of_them_is_refused_and_told_what_is_allowed(String text) {
        assertThatThrownBy(() -> DnsSettings.HEALTH_CHECK.parse(text))
                .hasMessageStartingWith(
                        "dns_health_check '" + Name.printable(text) + "': allowed is none, tcp, tcp:PORT, http/PATH");
    }

    @Test
    void a_path_has_255_characters_at_most() {
        String longest = "/" + "a".repeat(254);
        assertThat(DnsSettings.HEALTH_CHECK.parse("http" + longest)).isNotNull();
        assertThatThrownBy(() -> DnsSettings.HEALTH_CHECK.parse("http" + longest + "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
