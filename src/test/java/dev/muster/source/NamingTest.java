package dev.muster.source;

import static dev.muster.source.Rows.CHECKED;
import static dev.muster.source.Rows.HOST;
import static dev.muster.source.Rows.OPT_IN;
import static dev.muster.source.Rows.RULES;
import static dev.muster.source.Rows.row;
import static dev.muster.source.SampleContainers.named;

import dev.muster.model.Protocol;
import dev.muster.model.Template;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a container and its ports are named, and which are left out. */
final class NamingTest {

    private static SampleContainers compose(String name, String service, String number) {
        return named(name)
                .label("com.docker.compose.project", "shop")
                .label("com.docker.compose.service", service)
                .label("com.docker.compose.container-number", number)
                .label("com.docker.compose.oneoff", "False");
    }

    private static HostRules templated(String id) {
        return new HostRules("h1", RULES.addresses(), false, false)
                .withTexts(new HostRules.Texts(Optional.of(new Template(id)), Optional.empty(), Optional.empty()));
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "image's base name, host and container",
                        RULES,
                        named("a").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "image by digest",
                        RULES,
                        named("a").image("shop@sha256:ab12").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "image by its id",
                        RULES,
                        named("a").image("sha256:0123456789abcdef").tcp(80, 8080),
                        "0123456789ab/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "labels name service and instance",
                        RULES,
                        named("a")
                                .label("muster.service", "web")
                                .label("muster.instance", "web01")
                                .tcp(80, 18001),
                        "web/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "Compose: project and number",
                        RULES,
                        compose("shop-web-1", "web", "1").tcp(80, 8080),
                        "web/h1-shop-1 " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "Compose under another service: its own service tells blue from green",
                        RULES,
                        compose("shop-blue-1", "blue", "1")
                                .label("muster.service", "web")
                                .tcp(80, 8080),
                        "web/h1-shop-blue-1 " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "Compose, one-off run: its number says nothing",
                        RULES,
                        compose("shop-web-run-77", "web", "1")
                                .label("com.docker.compose.oneoff", "True")
                                .tcp(80, 1),
                        "web/h1-shop-web-run-77 " + HOST + ":1 http " + CHECKED + ":80"),
                row(
                        "several ports are several services",
                        RULES,
                        named("a").tcp(443, 9443).tcp(80, 8080),
                        "shop-443/h1-a " + HOST + ":9443 http " + CHECKED + ":443",
                        "shop-80/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "several ports under one label",
                        RULES,
                        named("a").label("muster.service", "web").tcp(80, 8080).tcp(81, 8081),
                        "web-80/h1-a " + HOST + ":8080 http " + CHECKED + ":80",
                        "web-81/h1-a " + HOST + ":8081 http " + CHECKED + ":81"),
                row(
                        "a port's own labels beat the container's",
                        RULES,
                        named("a")
                                .label("muster.service", "web")
                                .label("muster.81.service", "admin")
                                .label("muster.81.instance", "admin1")
                                .label("muster.81.protocol", "tcp")
                                .label("muster.81.check", "none")
                                .tcp(80, 8080)
                                .tcp(81, 8081),
                        "admin/admin1 " + HOST + ":8081 tcp NONE 172.17.0.5:81",
                        "web-80/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "two ports of one service: the port follows",
                        RULES,
                        named("a")
                                .label("muster.80.service", "web")
                                .label("muster.81.service", "web")
                                .tcp(80, 8080)
                                .tcp(81, 8081),
                        "web/h1-a-80 " + HOST + ":8080 http " + CHECKED + ":80",
                        "web/h1-a-81 " + HOST + ":8081 http " + CHECKED + ":81"),
                row(
                        "a port that is ignored does not count",
                        RULES,
                        named("a")
                                .label("muster.81.ignore", "true")
                                .tcp(80, 8080)
                                .tcp(81, 8081),
                        "shop/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "a port that nobody reaches counts: no name changes with an address",
                        RULES,
                        named("a").tcp(80, 8080).bound(81, Protocol.TCP, "127.0.0.1", 8081),
                        "shop-80/h1-a " + HOST + ":8080 http " + CHECKED + ":80",
                        "refused a"),
                row(
                        "one port enabled alone",
                        OPT_IN,
                        named("a")
                                .label("muster.80.enable", "true")
                                .tcp(80, 8080)
                                .tcp(81, 8081),
                        "shop-80/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "an id by template",
                        templated("%{container}.%{host}"),
                        named("a").tcp(80, 8080),
                        "shop/a.h1 " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "an id by template, two bindings",
                        templated("%{container}"),
                        named("a").tcp(80, 8080).tcp(80, 8081),
                        "shop/a-1 " + HOST + ":8080 http " + CHECKED + ":80",
                        "shop/a-2 " + HOST + ":8081 http " + CHECKED + ":80"),
                row(
                        "an id by template that has the port",
                        templated("%{instance}.%{port}"),
                        named("a").tcp(80, 8080).tcp(80, 8081),
                        "shop/h1-a.8080 " + HOST + ":8080 http " + CHECKED + ":80",
                        "shop/h1-a.8081 " + HOST + ":8081 http " + CHECKED + ":80"),
                row(
                        "a label beats the template",
                        templated("%{container}"),
                        named("a").label("muster.instance", "web01").tcp(80, 8080),
                        "shop/web01 " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "a template whose text is no name",
                        templated("%{image}"),
                        named("a").tcp(80, 8080),
                        "refused a"),
                row(
                        "a template whose field is empty",
                        templated("x%{tag}"),
                        named("a").image("shop").tcp(80, 8080),
                        "refused a"),
                row(
                        "udp is udp and has no check",
                        RULES,
                        named("a").bound(53, Protocol.UDP, "0.0.0.0", 5353),
                        "shop/h1-a " + HOST + ":5353 udp NONE 172.17.0.5:53"),
                row(
                        "tcp and udp of one number",
                        RULES,
                        named("a")
                                .label("muster.protocol", "tcp")
                                .tcp(53, 5353)
                                .bound(53, Protocol.UDP, "0.0.0.0", 5353),
                        "shop-53/h1-a " + HOST + ":5353 tcp " + CHECKED + ":53",
                        "shop-53-udp/h1-a " + HOST + ":5353 udp NONE 172.17.0.5:53"),
                row("ignored", RULES, named("a").label("muster.ignore", "true").tcp(80, 8080), ""),
                row(
                        "ignored by a label without a value",
                        RULES,
                        named("a").label("muster.ignore", "").tcp(80, 8080),
                        ""),
                row(
                        "not ignored",
                        RULES,
                        named("a").label("muster.ignore", "false").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "not enabled",
                        RULES,
                        named("a").label("muster.enable", "false").tcp(80, 8080),
                        ""),
                row("opt-in: left out", OPT_IN, named("a").tcp(80, 8080), ""),
                row(
                        "opt-in: in",
                        OPT_IN,
                        named("a").label("muster.enable", "true").tcp(80, 8080),
                        "shop/h1-a " + HOST + ":8080 http " + CHECKED + ":80"),
                row(
                        "ignore beats enable",
                        OPT_IN,
                        named("a")
                                .label("muster.enable", "true")
                                .label("muster.ignore", "true")
                                .tcp(80, 8080),
                        ""),
                row(
                        "a sidecar's",
                        RULES,
                        named("a").label("muster.agent", "sidecar").tcp(80, 8080),
                        ""),
                row("stopped", RULES, named("a").state(Container.State.STOPPED).tcp(80, 8080), ""),
                row(
                        "a tcp service",
                        RULES,
                        named("a").label("muster.protocol", "tcp").tcp(5432, 5432),
                        "shop/h1-a " + HOST + ":5432 tcp " + CHECKED + ":5432"),
                row(
                        "udp said of a tcp port",
                        RULES,
                        named("a").label("muster.protocol", "udp").tcp(53, 53),
                        "refused a"),
                row(
                        "no such protocol",
                        RULES,
                        named("a").label("muster.protocol", "gopher").tcp(70, 70),
                        "refused a"),
                row(
                        "no such check",
                        RULES,
                        named("a").label("muster.check", "http").tcp(80, 80),
                        "refused a"),
                row(
                        "one bad port leaves the other",
                        RULES,
                        named("a").label("muster.81.check", "x").tcp(80, 80).tcp(81, 81),
                        "shop-80/h1-a " + HOST + ":80 http " + CHECKED + ":80",
                        "refused a"),
                row(
                        "weight out of range",
                        RULES,
                        named("a").label("muster.weight", "257").tcp(80, 80),
                        "refused a"),
                row(
                        "a reserved service",
                        RULES,
                        named("a").label("muster.service", "rscloud").tcp(80, 80),
                        "refused a"),
                row(
                        "a reserved instance",
                        RULES,
                        named("a").label("muster.instance", "drain").tcp(80, 80),
                        "refused a"),
                row(
                        "neither yes nor no",
                        RULES,
                        named("a").label("muster.ignore", "maybe").tcp(80, 80),
                        "refused a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void becomes(String what, HostRules rules, Container container, String expected) {
        Rows.check(what, rules, container, expected);
    }
}
