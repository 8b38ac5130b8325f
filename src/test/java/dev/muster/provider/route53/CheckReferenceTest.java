package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.DnsHealthCheck.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckReferenceTest {

    private static final CheckedEndpoint TCP = new CheckedEndpoint(Kind.TCP, "203.0.113.5", 80, "", "");
    private static final CheckedEndpoint HTTP =
            new CheckedEndpoint(Kind.HTTP, "203.0.113.5", 80, "/", "web.example.com");

    private static Zone zone(String id) {
        return new Zone(id, new DnsName("example.com"), false);
    }

    @Test
    void is_read_as_it_was_written_and_never_longer_than_route_53_takes() {
        for (String group : List.of("route53", "route53-" + "g".repeat(200))) {
            for (String zone : List.of("Z0123456789", "Z" + "9".repeat(31))) {
                for (long epoch : List.of(1L, Long.MAX_VALUE)) {
                    CheckReference reference = CheckReference.of(group, zone(zone), TCP, epoch, 1_000);
                    assertThat(reference.text()).hasSizeLessThanOrEqualTo(64);
                    assertThat(CheckReference.read(reference.text())).contains(reference);
                    assertThat(reference.isOf(group)).isTrue();
                    assertThat(reference.isFor(zone(zone))).isTrue();
                }
            }
        }
    }

    @Test
    void others_are_told_apart() {
        CheckReference one = CheckReference.of("route53-blue", zone("Z1"), TCP, 7, 0);
        assertThat(one.isOf("route53-green")).isFalse();
        assertThat(one.isOf("route53")).isFalse();
        assertThat(one.isFor(zone("Z2"))).isFalse();
        assertThat(one.text())
                .isNotEqualTo(CheckReference.of("route53-blue", zone("Z1"), HTTP, 7, 0)
                        .text())
                .isNotEqualTo(
                        CheckReference.of("route53-blue", zone("Z1"), TCP, 8, 0).text())
                .isNotEqualTo(
                        CheckReference.of("route53-blue", zone("Z1"), TCP, 7, 1).text())
                .isEqualTo(
                        CheckReference.of("route53-blue", zone("Z1"), TCP, 7, 0).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "by-hand",
                "muster:route53:Z1",
                "muster:route53:Z1:0123456:1.0",
                "muster:route53:Z1:01234567:zzzzzzzzzzzzz.0",
                "muster:route53:Z1:01234567:1.0:more"
            })
    void what_nobody_of_musters_has_written_is_none(String text) {
        assertThat(CheckReference.read(text)).isEmpty();
    }
}
