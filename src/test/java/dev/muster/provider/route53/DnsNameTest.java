package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.DnsSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {

    private static Zone zone(String id, String name) {
        return new Zone(id, new DnsName(name), false);
    }

    private static Zone find(String name, String asked, Zone... zones) {
        return Zone.of(new DnsName(name), Optional.of(asked).filter(text -> !text.isEmpty()), List.of(zones));
    }

    @ParameterizedTest
    @CsvSource({
        "web.example.com, web.example.com, web.example.com.",
        "example.com., example.com, example.com.",
        "*.example.com, *.example.com, \\052.example.com.",
        "_sip._tcp.example.com, _sip._tcp.example.com, _sip._tcp.example.com.",
        "bücher.example.com, xn--bcher-kva.example.com, xn--bcher-kva.example.com.",
        "例え.example.com, xn--r8jz45g.example.com, xn--r8jz45g.example.com."
    })
    void names_are_taken_as_people_write_them(String given, String text, String escaped) {
        assertThat(DnsSettings.NAME.parse(given)).isEqualTo(given);
        assertThat(DnsName.parse(given).text()).isEqualTo(text);
        assertThat(DnsName.parse(given).escaped()).isEqualTo(escaped);
        assertThat(DnsName.listed(escaped)).isEqualTo(DnsName.parse(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web..example.com",
                "web.*.example.com",
                "-a.example.com",
                "a b.example.com",
                "straße.example.com"
            })
    void other_texts_are_refused(String given) {
        assertThatThrownBy(() -> DnsName.parse(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed is");
    }

    @Test
    void what_no_host_has_in_its_name_stays_as_route_53_escapes_it() {
        DnsName odd = DnsName.listed("a\\040b.example.com.");
        assertThat(odd.escaped()).isEqualTo("a\\040b.example.com.");
    }

    @Test
    void the_zone_with_the_longest_name_is_the_one() {
        Zone com = zone("Z1", "example.com");
        Zone dev = zone("Z2", "dev.example.com");
        Zone other = zone("Z3", "ample.com");
        assertThat(find("web.dev.example.com", "", com, dev, other)).isEqualTo(dev);
        assertThat(find("dev.example.com", "", com, dev, other)).isEqualTo(dev);
        assertThat(find("web.example.com", "", com, dev, other)).isEqualTo(com);
        assertThat(find("web.dev.example.com", "example.com.", com, dev)).isEqualTo(com);
        assertThat(find("web.dev.example.com", "Z1", com, dev)).isEqualTo(com);
        Zone books = zone("Z4", "xn--bcher-kva.example");
        assertThat(find("web.xn--bcher-kva.example", "bücher.example", com, books))
                .isEqualTo(books);
    }

    @Test
    void two_zones_of_one_name_are_refused_with_both_ids() {
        Zone pub = zone("Z1", "example.com");
        Zone priv = new Zone("Z2", new DnsName("example.com"), true);
        for (String asked : List.of("", "example.com")) {
            assertThatThrownBy(() -> find("web.example.com", asked, priv, pub))
                    .hasMessageContaining("Z1 (public) and Z2 (private)");
        }
        assertThat(find("web.example.com", "Z2", priv, pub)).isEqualTo(priv);
    }

    @Test
    void a_name_outside_its_zone_is_refused() {
        assertThatThrownBy(() -> find("web.example.org", "", zone("Z1", "example.com")))
                .hasMessageContaining("no zone here in which web.example.org");
        assertThatThrownBy(() -> find("web.example.org", "Z1", zone("Z1", "example.com")))
                .hasMessageContaining("allowed is a name in the zone example.com");
    }
}
