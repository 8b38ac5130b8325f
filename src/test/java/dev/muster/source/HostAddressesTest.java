package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.model.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostAddressesTest {

    private static final String HEADER =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    private static final String DEFAULT_ETH1 = "eth1\t00000000\t0100000A\t0003\t0\t0\t200\t00000000\t0\t0\t0\n";
    private static final String DEFAULT_ETH0 = "eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
    private static final String OTHER = "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";

    @TempDir
    Path folder;

    private Map<String, List<String>> interfaces = Map.of("eth0", List.of("10.1.2.3"), "eth1", List.of("10.9.9.9"));

    @BeforeEach
    void routes() throws IOException {
        Files.writeString(folder.resolve("route"), HEADER + OTHER + DEFAULT_ETH1 + DEFAULT_ETH0);
    }

    private Addresses choose(String publicFlag, String privateFlag) {
        return new HostAddresses(
                        folder.resolve("environment"),
                        Optional.empty(),
                        new DefaultRoute(
                                folder.resolve("route"),
                                folder.resolve("if_inet6"),
                                name -> interfaces.getOrDefault(name, List.of())))
                .choose(
                        Optional.of(publicFlag).filter(flag -> !flag.isEmpty()),
                        Optional.of(privateFlag).filter(flag -> !flag.isEmpty()));
    }

    private void environment(String text) throws IOException {
        Files.writeString(folder.resolve("environment"), text);
    }

    @Test
    void flagsComeFirst() throws IOException {
        environment("COREOS_PUBLIC_IPV4=203.0.113.1\nCOREOS_PRIVATE_IPV4=10.0.0.1\n");
        assertThat(choose("203.0.113.9", "10.0.0.9")).isEqualTo(new Addresses("203.0.113.9", "10.0.0.9"));
        assertThat(choose("203.0.113.9", "")).isEqualTo(new Addresses("203.0.113.9", "10.0.0.1"));
    }

    @Test
    void thenTheEnvironmentFile() throws IOException {
        environment(
                "# by hand\nPATH=/bin\nCOREOS_PUBLIC_IPV4=\"203.0.113.1\"\nexport COREOS_PRIVATE_IPV4='10.0.0.1'\n");
        assertThat(choose("", "")).isEqualTo(new Addresses("203.0.113.1", "10.0.0.1"));
    }

    @Test
    void thenTheInterfaceOfTheDefaultRouteWithTheLowestMetric() {
        assertThat(choose("", "")).isEqualTo(new Addresses("", "10.1.2.3"));
    }

    @Test
    void anAddressOutsideThePrivateRangesIsPublic() {
        interfaces = Map.of("eth0", List.of("198.51.100.4"));
        assertThat(choose("", "")).isEqualTo(new Addresses("198.51.100.4", ""));
        for (String address :
                List.of("10.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.0.1", "100.64.0.1", "169.254.1.1")) {
            assertThat(Addresses.byRange(address)).isEqualTo(new Addresses("", address));
        }
        for (String address : List.of("172.15.0.1", "172.32.0.1", "100.63.0.1", "11.0.0.1", "192.169.0.1")) {
            assertThat(Addresses.byRange(address)).isEqualTo(new Addresses(address, ""));
        }
    }

    @Test
    void bothFamiliesMayBeGivenByFlagOrByFile() throws IOException {
        assertThat(choose("203.0.113.9,2001:DB8::9", "fd00::9"))
                .isEqualTo(new Addresses("203.0.113.9", "", "2001:db8::9", "fd00::9"));
        environment("COREOS_PUBLIC_IPV6=2001:db8::1\nCOREOS_PRIVATE_IPV4=10.0.0.1\n");
        assertThat(choose("203.0.113.9", "")).isEqualTo(new Addresses("203.0.113.9", "10.0.0.1", "2001:db8::1", ""));
        environment("COREOS_PUBLIC_IPV6=::1\n");
        assertThatIllegalArgumentException().isThrownBy(() -> choose("", "")).withMessageContaining("'::1'");
    }

    @Test
    void theInterfacesLastingIpv6AddressesComeAlong() throws IOException {
        Files.writeString(folder.resolve("if_inet6"), """
                00000000000000000000000000000001 01 80 10 80       lo
                fe80000000000000021122fffe334455 02 40 20 80     eth0
                20010db8000000000000000000000bad 02 40 00 01     eth0
                20010db8000000000000000000000bad 02 40 00 20     eth0
                20010db8000000000000000000000bad 03 40 00 80     eth1
                20010db8000000000000000000000042 02 40 00 80     eth0
                fd000000000000000000000000000042 02 40 00 80     eth0
                """);
        assertThat(choose("", "")).isEqualTo(new Addresses("", "10.1.2.3", "2001:db8::42", "fd00::42"));
        assertThat(choose("", "10.1.2.3")).as("what a person gives is whole").isEqualTo(new Addresses("", "10.1.2.3"));
    }

    @Test
    void aFlagMayNameTheLoopbackAddress() {
        assertThat(choose("", "127.0.0.1")).isEqualTo(new Addresses("", "127.0.0.1"));
    }

    @Test
    void nothingElseMay() throws IOException {
        environment("COREOS_PRIVATE_IPV4=127.0.0.1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose("", ""))
                .withMessageContaining("127.0.0.1")
                .withMessageContaining("--private-address");
        environment("");
        interfaces = Map.of("eth0", List.of("127.0.0.1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose("", ""))
                .withMessageContaining("eth0")
                .withMessageContaining("--private-address");
    }

    @Test
    void whatIsNotKnownIsSaid() throws IOException {
        Files.writeString(folder.resolve("route"), HEADER + OTHER);
        assertThatIllegalArgumentException().isThrownBy(() -> choose("", "")).withMessageContaining("no default route");
        Files.delete(folder.resolve("route"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose("", ""))
                .withMessageContaining("--private-address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose("x", ""))
                .withMessageContaining("--public-address 'x'");
    }
}
