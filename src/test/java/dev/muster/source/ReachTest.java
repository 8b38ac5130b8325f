package dev.muster.source;

import static dev.muster.source.Rows.CHECKED;
import static dev.muster.source.Rows.HOST;
import static dev.muster.source.Rows.IPV6;
import static dev.muster.source.Rows.LOCAL;
import static dev.muster.source.Rows.OWN;
import static dev.muster.source.Rows.OWN_IPV6;
import static dev.muster.source.Rows.RULES;
import static dev.muster.source.Rows.row;
import static dev.muster.source.SampleContainers.named;

import dev.muster.model.Protocol;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a port of a container is reached, and where it is checked. */
final class ReachTest {

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "every binding of a port, numbered by host port",
                        RULES,
                        named("a").tcp(80, 9002).tcp(80, 9001),
                        "shop/h1-a-1 " + HOST + ":9001 http " + CHECKED + ":80",
                        "shop/h1-a-2 " + HOST + ":9002 http " + CHECKED + ":80"),
                row(
                        "bound to the public address only",
                        RULES,
                        named("a").bound(80, Protocol.TCP, "203.0.113.7", 8080),
                        "shop/h1-a 203.0.113.7|:8080 http " + CHECKED + ":80"),
                row(
                        "bound to both addresses at one port: one instance",
                        RULES,
                        named("a")
                                .bound(80, Protocol.TCP, "203.0.113.7", 8080)
                                .bound(80, Protocol.TCP, "10.1.2.3", 8080),
                        "shop/h1-a 203.0.113.7|10.1.2.3:8080 http " + CHECKED + ":80"),
                row(
                        "bound to another private address",
                        RULES,
                        named("a").bound(80, Protocol.TCP, "192.168.9.1", 80),
                        "shop/h1-a |192.168.9.1:80 http " + CHECKED + ":80"),
                row("bound to 127.0.0.1", RULES, named("a").bound(80, Protocol.TCP, "127.0.0.1", 80), "refused a"),
                row(
                        "bound to 127.0.0.1 and to the rest",
                        RULES,
                        named("a").bound(80, Protocol.TCP, "127.0.0.1", 80).tcp(80, 81),
                        "shop/h1-a " + HOST + ":81 http " + CHECKED + ":80"),
                row(
                        "bound to 127.0.0.1 where the flag says so",
                        LOCAL,
                        named("a").bound(80, Protocol.TCP, "127.0.0.1", 80),
                        "shop/h1-a |127.0.0.1:80 http " + CHECKED + ":80"),
                row("IPv6 alone, no such address", RULES, named("a").bound(80, Protocol.TCP, "::", 80), "refused a"),
                row(
                        "IPv6 alone",
                        IPV6,
                        named("a").bound(80, Protocol.TCP, "::", 80),
                        "shop/h1-a |:80 [2001:db8::7|fd00::7] http " + CHECKED + ":80"),
                row(
                        "the twin that Docker adds",
                        IPV6,
                        named("a").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 [2001:db8::7|fd00::7] http " + CHECKED + ":80"),
                row(
                        "a twin of another number is no instance",
                        IPV6,
                        named("a").bound(80, Protocol.TCP, "0.0.0.0", 32768).bound(80, Protocol.TCP, "::", 32769),
                        "shop/h1-a " + HOST + ":32768 http " + CHECKED + ":80"),
                row(
                        "a binding to IPv6 beside one with its twin is one",
                        IPV6,
                        named("a").tcp(80, 8080).bound(80, Protocol.TCP, "::", 9090),
                        "shop/h1-a-1 " + HOST + ":8080 [2001:db8::7|fd00::7] http " + CHECKED + ":80",
                        "shop/h1-a-2 |:9090 [2001:db8::7|fd00::7] http " + CHECKED + ":80"),
                row(
                        "bound to one IPv6 address",
                        RULES,
                        named("a").bound(80, Protocol.TCP, "2001:db8::99", 80),
                        "shop/h1-a |:80 [2001:db8::99|] http " + CHECKED + ":80"),
                row("bound to ::1", IPV6, named("a").bound(80, Protocol.TCP, "::1", 80), "refused a"),
                row("bound to a link", IPV6, named("a").bound(80, Protocol.TCP, "fe80::1", 80), "refused a"),
                row(
                        "an address that a label gives",
                        RULES,
                        named("a")
                                .label("muster.address", "198.51.100.1, 2001:db8::5")
                                .tcp(80, 8080),
                        "shop/h1-a 198.51.100.1|:8080 [2001:db8::5|] http " + CHECKED + ":80"),
                row(
                        "an address that a label gives to a port behind something else",
                        RULES,
                        named("a").label("muster.80.address", "192.168.7.7").bound(80, Protocol.TCP, "127.0.0.1", 80),
                        "shop/h1-a |192.168.7.7:80 http " + CHECKED + ":80"),
                row(
                        "127.0.0.1 by label",
                        RULES,
                        named("a").label("muster.address", "127.0.0.1").tcp(80, 8080),
                        "refused a"),
                row(
                        "no address by label",
                        RULES,
                        named("a").label("muster.address", "10.1.2.3;x").tcp(80, 8080),
                        "refused a"),
                row("nothing published", RULES, named("a").exposed(80, Protocol.TCP), ""),
                row(
                        "nothing published, though it was meant",
                        RULES,
                        named("a").label("muster.service", "web").exposed(80, Protocol.TCP),
                        "refused a"),
                row(
                        "host networking: the declared port",
                        RULES,
                        named("a").hostNetwork().exposed(80, Protocol.TCP),
                        "shop/h1-a " + HOST + ":80 http TCP 10.1.2.3:80"),
                row(
                        "no address of its own: checked at the host's",
                        RULES,
                        named("a").noNetworks().tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http TCP 10.1.2.3:8080"),
                row(
                        "several networks: checked on the first by name",
                        RULES,
                        named("a").network("alpha", "172.20.0.9").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http TCP 172.20.0.9:80"),
                row(
                        "a named network",
                        RULES,
                        named("a")
                                .network("z", "172.20.0.9")
                                .label("muster.network", "z")
                                .tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http TCP 172.20.0.9:80"),
                row(
                        "a network that it is not in",
                        RULES,
                        named("a").label("muster.network", "z").tcp(80, 8080),
                        "refused a"),
                row(
                        "container addresses",
                        OWN,
                        named("a").exposed(80, Protocol.TCP),
                        "shop/h1-a |172.17.0.5:80 http TCP 172.17.0.5:80"),
                row(
                        "container addresses of both families",
                        OWN_IPV6,
                        named("a").ipv6("bridge", "fd01::5").exposed(80, Protocol.TCP),
                        "shop/h1-a |172.17.0.5:80 [|fd01::5] http TCP 172.17.0.5:80"),
                row(
                        "container addresses, IPv6 alone",
                        OWN,
                        named("a").noNetworks().ipv6("six", "fd01::5").exposed(80, Protocol.TCP),
                        "shop/h1-a |:80 [|fd01::5] http TCP [fd01::5]:80"),
                row(
                        "container addresses, a network for one port",
                        OWN,
                        named("a")
                                .network("z", "172.20.0.9")
                                .label("muster.network", "bridge")
                                .label("muster.81.network", "z")
                                .exposed(80, Protocol.TCP)
                                .exposed(81, Protocol.TCP),
                        "shop-80/h1-a |172.17.0.5:80 http TCP 172.17.0.5:80",
                        "shop-81/h1-a |172.20.0.9:81 http TCP 172.20.0.9:81"),
                row("container addresses, none", OWN, named("a").noNetworks().exposed(80, Protocol.TCP), "refused a"),
                row(
                        "container addresses, several networks",
                        OWN,
                        named("a").network("z", "172.20.0.9").exposed(80, Protocol.TCP),
                        "refused a"),
                row(
                        "container addresses, a named network",
                        OWN,
                        named("a")
                                .network("z", "172.20.0.9")
                                .label("muster.network", "z")
                                .exposed(80, Protocol.TCP),
                        "shop/h1-a |172.20.0.9:80 http TCP 172.20.0.9:80"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void becomes(String what, HostRules rules, Container container, String expected) {
        Rows.check(what, rules, container, expected);
    }
}
