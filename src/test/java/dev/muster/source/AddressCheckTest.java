package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressCheckTest {

    private static final String HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n";
    private static final String DEFAULT = "eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void aRoute() throws IOException {
        Files.writeString(folder.resolve("route"), HEADER + DEFAULT);
    }

    private List<String> look(String publicFlag, String privateFlag) throws InterruptedException {
        HostAddresses places = new HostAddresses(
                folder.resolve("environment"),
                Optional.empty(),
                new DefaultRoute(folder.resolve("route"), folder.resolve("if_inet6"), name -> List.of("10.1.2.3")));
        return Seen.by(new AddressCheck(
                places,
                Optional.of(publicFlag).filter(flag -> !flag.isEmpty()),
                Optional.of(privateFlag).filter(flag -> !flag.isEmpty()),
                Set.of("10.1.2.3", "127.0.0.1")));
    }

    @Test
    void anAddressIsToldWithItsOrigin() throws Exception {
        assertThat(look("", ""))
                .containsExactly("OK addresses: private address 10.1.2.3, from the interface of the default route");
        Files.writeString(folder.resolve("environment"), "COREOS_PUBLIC_IPV4=203.0.113.1\n");
        assertThat(look("", "10.1.2.3"))
                .containsExactly(
                        "OK addresses: public address 203.0.113.1, from COREOS_PUBLIC_IPV4 in "
                                + folder.resolve("environment"),
                        "OK addresses: private address 10.1.2.3, from --private-address");
    }

    @Test
    void loopbackAndAddressesOfNobodyAreWorthALook() throws Exception {
        assertThat(look("", "127.0.0.1"))
                .singleElement()
                .asString()
                .startsWith("WARN addresses: private address 127.0.0.1, from --private-address: no other machine");
        assertThat(look("", "10.9.9.9"))
                .singleElement()
                .asString()
                .contains("none of this machine's interfaces has it")
                .endsWith("ip -brief address lists them");
        assertThat(look("", "fe80::1")).singleElement().asString().contains("no other machine reaches this one there");
        assertThat(look("2001:0db8::0001", "10.1.2.3"))
                .containsExactly(
                        "OK addresses: private address 10.1.2.3, from --private-address",
                        "OK addresses: public address 2001:db8::1, from --public-address");
        assertThat(look("203.0.113.1", "")).allMatch(line -> line.startsWith("OK")); // behind NAT no interface has it
    }

    @Test
    void noAddressIsAFaultWithTheFlagThatMendsIt() throws Exception {
        Files.writeString(folder.resolve("route"), HEADER);
        assertThat(look("", ""))
                .containsExactly("FAIL addresses: this machine's address is not known, since it has no default route"
                        + " -> give --private-address or --public-address");
        Files.writeString(folder.resolve("environment"), "COREOS_PRIVATE_IPV4=127.0.0.1\n");
        assertThat(look("", ""))
                .singleElement()
                .asString()
                .startsWith("FAIL addresses: COREOS_PRIVATE_IPV4 in")
                .endsWith("-> mend it, or give --private-address");
    }
}
