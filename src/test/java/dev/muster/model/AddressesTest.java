package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
