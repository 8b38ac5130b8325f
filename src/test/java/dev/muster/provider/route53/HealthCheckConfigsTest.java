package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.DnsHealthCheck.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

class HealthCheckConfigsTest {

    private static final CheckedEndpoint TCP = new CheckedEndpoint(Kind.TCP, "2001:db8:85a3::1", 80, "", "");

    @Test
    void what_is_asked_is_read_as_it_was_written() {
        for (CheckedEndpoint endpoint : List.of(
                TCP,
                new CheckedEndpoint(Kind.HTTP, "203.0.113.5", 65535, "/health?deep=1", "web.example.com"),
                new CheckedEndpoint(Kind.HTTPS, "203.0.113.5", 443, "/", ""))) {
            assertThat(HealthCheckConfigs.read(HealthCheckConfigs.of(endpoint))).contains(endpoint);
        }
    }

    /** The reference has both forms of an IPv6 address. */
    @Test
    void an_address_is_the_same_in_every_form() {
        HealthCheckConfig listed = HealthCheckConfigs.of(TCP).toBuilder()
                .ipAddress("2001:0DB8:85a3:0000:0000:0000:0000:0001")
                .build();
        assertThat(HealthCheckConfigs.read(listed)).contains(TCP);
    }

    @Test
    void how_often_it_asks_makes_no_difference_and_what_is_not_made_here_is_none() {
        HealthCheckConfig tcp = HealthCheckConfigs.of(TCP);
        assertThat(HealthCheckConfigs.read(
                        tcp.toBuilder().requestInterval(10).failureThreshold(1).build()))
                .contains(TCP);
        assertThat(HealthCheckConfigs.read(tcp.toBuilder().type("CALCULATED").build()))
                .isEmpty();
        assertThat(HealthCheckConfigs.read(tcp.toBuilder().ipAddress(null).build()))
                .isEmpty();
        assertThat(HealthCheckConfigs.read(tcp.toBuilder().port(null).build())).isEmpty();
    }
}
