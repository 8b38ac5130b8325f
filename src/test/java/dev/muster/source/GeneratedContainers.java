package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Protocol;
import dev.muster.model.Template;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Containers whose labels, environment, ports and names are any text that somebody could have written. */
final class GeneratedContainers {

    private static final List<String> KEYS = List.of(
            "service",
            "instance",
            "network",
            "address",
            "enable",
            "ignore",
            "protocol",
            "check",
            "weight",
            "unit",
            "tags",
            "attribute.team",
            "attribute.",
            "alias",
            "alias.more",
            "route.host",
            "route.path",
            "route.port",
            "80.service",
            "80.instance",
            "80.ignore",
            "80.enable",
            "80.check",
            "80.alias",
            "80.attribute.x",
            "81.service",
            "81.address",
            "agent",
            "");
    private static final List<String> SERVICE_KEYS = List.of(
            "NAME",
            "ID",
            "TAGS",
            "IGNORE",
            "REGION",
            "80_NAME",
            "80_ID",
            "80_TAGS",
            "81_IGNORE",
            "80_SNI",
            "80_",
            "",
            "_",
            "99999_NAME",
            "name",
            "CONTAINER",
            "A B",
            "DB_PASSWORD");
    private static final List<String> BITS = List.of(
            "../",
            "\n",
            "\0",
            ";",
            "{",
            "}",
            "$(id)",
            "`",
            "\u202e",
            "\u2066",
            " ",
            "\r",
            "\t",
            "'",
            "\"",
            "\\",
            "%{",
            "%{host}",
            "%{tag}",
            "%{x}",
            "/",
            "..",
            ".",
            "-",
            "_",
            ",",
            "\\,",
            "=",
            "/services/web/",
            "/services/db/x=",
            "web",
            "WEB",
            "1",
            "0",
            "none",
            "true",
            "false",
            "tcp",
            "udp",
            "http",
            "instances",
            "gone",
            "drain",
            "rscloud",
            "example.com",
            "example.com=80",
            ":8080/x=81",
            "10.1.2.3",
            "2001:db8::1",
            "::1",
            "127.0.0.1",
            "\ud800",
            "\u00e9",
            "\u0130",
            "\ufffd",
            "65536",
            "-1",
            "99999",
            "x".repeat(130),
            "y".repeat(3000),
            "bridge");
    private static final List<String> GOOD = List.of(
            "web",
            "db1",
            "true",
            "false",
            "tcp",
            "none",
            "7",
            "10.1.2.3",
            "192.168.7.7,2001:db8::1",
            "/services/db/x=%{host}",
            "/x/y={\"value\": \"%{private_ip}\"}",
            "a,b",
            "shop.example.com=80",
            "example.com:8080/x=81,=82",
            "front",
            "bridge");
    private static final List<String> HOSTS = List.of(
            "0.0.0.0",
            "0.0.0.0",
            "::",
            "::",
            "127.0.0.1",
            "10.9.9.9",
            "",
            "203.0.113.7",
            "999.1.1.1",
            "2001:db8::9",
            "fe80::1");

    private final Random random;

    GeneratedContainers(long seed) {
        this.random = new Random(seed);
    }

    HostRules rules() {
        Addresses addresses = random.nextBoolean() ? Rows.RULES.addresses() : Rows.IPV6.addresses();
        HostRules.Texts texts = random.nextInt(4) == 0
                ? new HostRules.Texts(
                        Optional.of(new Template(random.nextBoolean() ? "%{container}.%{tag}" : "%{image}-%{port}")),
                        Optional.of(new Template("http://logs/%{container}?%{image}#%{private_ip}")),
                        Optional.of(new Template("mon@%{service}.service")))
                : HostRules.Texts.NONE;
        return new HostRules("h1", addresses, random.nextInt(4) == 0, random.nextInt(4) == 0).withTexts(texts);
    }

    Container next(int index) {
        SampleContainers container = SampleContainers.named(random.nextInt(20) == 0 ? text() + index : "c" + index)
                .startedAt(random.nextInt(20) == 0 ? text() : "2026-11-20T10:00:0" + random.nextInt(9) + "Z");
        for (int i = 0; i < random.nextInt(3); i++) {
            container.label("muster." + KEYS.get(random.nextInt(KEYS.size())), text());
        }
        for (int i = 0; i < random.nextInt(3); i++) {
            String key = "SERVICE_" + SERVICE_KEYS.get(random.nextInt(SERVICE_KEYS.size()));
            if (random.nextBoolean()) {
                container.label(key, text());
            } else {
                container.environment(key, text());
            }
        }
        if (random.nextInt(4) == 0) {
            container.label("com.docker.compose.service", text());
            container.label("com.docker.compose.project", text());
            container.label("com.docker.compose.container-number", text());
        }
        if (random.nextInt(8) == 0) {
            container.label("org.opencontainers.image.version", text());
            container.label("io.rancher.loadbalancer.target." + text(), text());
            container.imageId(text());
        }
        if (random.nextInt(8) == 0) {
            container.image(text());
        }
        if (random.nextInt(8) == 0) {
            container.network("n", text()).ipv6("n", random.nextBoolean() ? text() : "fd01::5");
        }
        for (int i = 0; i < random.nextInt(4); i++) {
            container.bound(
                    80 + random.nextInt(2),
                    random.nextInt(5) == 0 ? Protocol.UDP : Protocol.TCP,
                    HOSTS.get(random.nextInt(HOSTS.size())),
                    8000 + random.nextInt(3));
        }
        return container.build();
    }

    private String text() {
        if (random.nextInt(3) > 0) {
            return GOOD.get(random.nextInt(GOOD.size()));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            text.append(BITS.get(random.nextInt(BITS.size())));
        }
        return text.toString();
    }
}
