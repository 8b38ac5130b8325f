package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.1.2.3", "255.255.255.255", "192.0.2.10"})
    void fourNumbersAreAnAddress(String text) {
        assertThat(Addresses.isIpv4(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.-4",
                "1.2.3.4\n",
                "a.b.c.d",
                "::1",
                "1000.1.1.1",
                "\u0661.2.3.4"
            })
    void anythingElseIsNone(String text) {
        assertThat(Addresses.isIpv4(text)).isFalse();
    }

    @Test
    void oneAddressIsEnoughAndThePrivateOneIsPreferred() {
        assertThat(new Addresses("192.0.2.1", "").preferred()).isEqualTo("192.0.2.1");
        assertThat(new Addresses("192.0.2.1", "10.0.0.1").preferred()).isEqualTo("10.0.0.1");
        assertThatThrownBy(() -> new Addresses("", "")).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Addresses("", "example.com"))
                .hasMessageContaining("private_ipv4_addr 'example.com'");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8::0:1, 2001:db8::1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:0:2:3:0:0:4, 1::2:3:0:0:4",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "0001:0002:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "2001:db8::, 2001:db8::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0"
    })
    void everyFormOfAnIpv6AddressIsOneText(String form, String canonical) {
        assertThat(new Addresses("", "", form, "").publicIpv6()).isEqualTo(canonical);
        assertThat(Addresses.isIpv6(canonical)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "[::1]",
                "::ffff:10.1.2.3",
                " ::1",
                "1:",
                ":1",
                "10.1.2.3",
                "\u0661::"
            })
    void anythingElseIsNoIpv6Address(String text) {
        assertThat(Addresses.isIpv6(text)).isFalse();
        assertThatThrownBy(() -> new Addresses("", "", "", text))
                .hasMessageStartingWith("private_ipv6_addr '")
                .hasMessageContaining("allowed is an IPv6 address");
    }

    @Test
    void ipv4IsPreferredAndIpv6IsEnough() {
        assertThat(new Addresses("192.0.2.1", "", "2001:db8::1", "fd00::1").preferred())
                .isEqualTo("192.0.2.1");
        assertThat(new Addresses("", "", "2001:db8::1", "fd00::1").preferred()).isEqualTo("fd00::1");
        assertThat(new Addresses("", "", "2001:db8::1", "").preferred()).isEqualTo("2001:db8::1");
    }

    @Test
    void rangesTellPrivateFromPublic() {
        for (String address : List.of("fd00::1", "fc12::1", "fe80::1", "::1")) {
            assertThat(Addresses.byRange(address)).isEqualTo(new Addresses("", "", "", address));
        }
        for (String address : List.of("2001:db8::1", "fb00::1", "fec0::1", "::2")) {
            assertThat(Addresses.byRange(address)).isEqualTo(new Addresses("", "", address, ""));
        }
        for (String address :
                List.of("127.0.0.1", "0.0.0.0", "::", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "fe80::1", "febf::1")) {
            assertThat(Addresses.isUnreachable(address)).as(address).isTrue();
        }
        for (String address : List.of("128.0.0.1", "10.0.0.1", "::2", "fec0::1", "fd00::1", "12.7.0.1")) {
            assertThat(Addresses.isUnreachable(address)).as(address).isFalse();
        }
    }

    @Test
    void whatIsReachedFromAnywhereIsTold() {
        for (String address : List.of(
                "10.1.2.3",
                "127.0.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "100.127.0.1",
                "169.254.0.1",
                "172.31.0.1",
                "192.168.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fd00::1",
                "fc00::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "",
                "web")) {
            assertThat(Addresses.isGlobal(address)).as(address).isFalse();
        }
        for (String address : List.of(
                "1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "192.0.2.44", "223.0.0.1", "2001:db8::1")) {
            assertThat(Addresses.isGlobal(address)).as(address).isTrue();
        }
    }

    @Test
    void aTargetWritesIpv6InBracketsAndReadsIt() {
        for (Target target : List.of(new Target("fd00::1", 80), new Target("10.1.2.3", 80))) {
            assertThat(Target.parse(target.toString())).isEqualTo(target);
        }
        assertThat(new Target("fd00::1", 80)).hasToString("[fd00::1]:80");
    }
}
