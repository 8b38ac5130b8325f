package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZonesTest {

    private static final Zone EXAMPLE = new Zone("Z0123456789", new DnsName("example.com"), false);
    private static final Zone INTERNATIONAL = new Zone("Z0123456780", new DnsName("xn--mnchen-3ya.example"), false);

    @ParameterizedTest
    @ValueSource(strings = {"Z0123456789", "example.com", "example.com."})
    void aZoneIsMeantByItsIdOrItsNameHoweverThatIsWritten(String said) {
        assertThat(Zones.counts(EXAMPLE, Set.of(said))).isTrue();
        assertThat(Zones.counts(INTERNATIONAL, Set.of(said))).isFalse();
    }

    @Test
    void soIsAnInternationalOne() {
        assertThat(Zones.counts(INTERNATIONAL, Set.of("m\u00fcnchen.example"))).isTrue();
        assertThat(Zones.counts(INTERNATIONAL, Set.of())).isTrue();
    }

    @Test
    void whereNoZoneFitsThoseThatThereAreAreTold() {
        DnsName name = new DnsName("web.example.org");
        assertThatThrownBy(() -> Zone.of(name, Optional.empty(), List.of()))
                .hasMessage("there is no zone here in which web.example.org could stand:"
                        + " none of this account counts, see --route53-zones");
        assertThatThrownBy(() -> Zone.of(name, Optional.of("example.org"), List.of(EXAMPLE, INTERNATIONAL)))
                .hasMessage("there is no zone 'example.org' in which web.example.org could stand:"
                        + " there are example.com, xn--mnchen-3ya.example");
        List<Zone> many = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            many.add(new Zone("Z" + i, new DnsName("z" + i + ".example"), false));
        }
        assertThatThrownBy(() -> Zone.of(name, Optional.empty(), many))
                .hasMessage("there is no zone here in which web.example.org could stand");
    }
}
