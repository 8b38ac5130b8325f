package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Candidate;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels are other people's text: none becomes a part of a key, a file line or a command unless it is a name. */
final class HostileLabelsTest {

    private static final List<String> KEYS = List.of(
            "service",
            "instance",
            "network",
            "enable",
            "ignore",
            "protocol",
            "check",
            "weight",
            "unit",
            "route.host",
            "route.path",
            "route.port",
            "80.service",
            "80.instance",
            "80.ignore",
            "80.check",
            "81.service",
            "agent",
            "");
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
            "/",
            "..",
            ".",
            "-",
            "_",
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
            "\ud800",
            "\u00e9",
            "\u0130",
            "65536",
            "-1",
            "99999",
            "x".repeat(130),
            "bridge");

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a\nb", "a\0b", "a;b", "a{b", "a\u202eb", "a b", "-a", "a/", "", " "})
    void noneOfTheseIsAServiceOrAnInstance(String text) {
        for (String key : List.of("muster.service", "muster.instance")) {
            Container container =
                    SampleContainers.named("a").label(key, text).tcp(80, 8080).build();
            Registrations.Result registrations = new Registrations(Rows.RULES).of(List.of(container));
            if (text.isEmpty()) {
                assertThat(registrations.candidates())
                        .as("an empty label is none")
                        .hasSize(1);
            } else {
                assertThat(registrations.candidates()).isEmpty();
                assertThat(registrations.refused()).containsOnlyKeys("a");
                assertPrintable(registrations.refused().getOrDefault("a", "\n"));
            }
        }
    }

    @Test
    void aMegabyteIsRefusedInFewWords() {
        Container container = SampleContainers.named("a")
                .label("muster.service", "x".repeat(1 << 20))
                .tcp(80, 8080)
                .build();
        Registrations.Result registrations = new Registrations(Rows.RULES).of(List.of(container));
        assertThat(registrations.candidates()).isEmpty();
        assertThat(registrations.refused().get("a")).hasSizeLessThan(300);
    }

    @Test
    void twentyThousandGeneratedHostsAreNamedByTheGrammarOrRefusedPrintably() {
        long seed = 20_261_121L;
        Random random = new Random(seed);
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            List<Container> containers = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                containers.add(generated(random, i));
            }
            HostRules rules =
                    new HostRules("h1", Rows.RULES.addresses(), random.nextInt(4) == 0, random.nextInt(4) == 0);
            Registrations.Result registrations = new Registrations(rules).of(containers);
            Collections.shuffle(containers, random);
            assertThat(new Registrations(rules).of(containers).candidates())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(registrations.candidates());
            registrations.candidates().values().forEach(HostileLabelsTest::assertClean);
            registrations.refused().forEach((name, why) -> assertPrintable(name + why));
            accepted += registrations.candidates().size();
            refused += registrations.refused().size();
        }
        assertThat(accepted).as("the generator makes good ones too").isGreaterThan(5_000);
        assertThat(refused).as("and bad ones").isGreaterThan(5_000);
    }

    private static Container generated(Random random, int index) {
        SampleContainers container = SampleContainers.named(
                        random.nextInt(20) == 0 ? text(random) + index : "c" + index)
                .startedAt(random.nextInt(20) == 0 ? text(random) : "2026-11-20T10:00:0" + random.nextInt(9) + "Z");
        for (int i = 0; i < random.nextInt(3); i++) {
            container.label("muster." + KEYS.get(random.nextInt(KEYS.size())), text(random));
        }
        if (random.nextInt(4) == 0) {
            container.label("com.docker.compose.service", text(random));
            container.label("com.docker.compose.project", text(random));
            container.label("com.docker.compose.container-number", text(random));
        }
        if (random.nextInt(4) == 0) {
            container.label("org.opencontainers.image.version", text(random));
        }
        if (random.nextInt(8) == 0) {
            container.image(text(random));
        }
        if (random.nextInt(8) == 0) {
            container.network("n", text(random));
        }
        String[] hosts = {"0.0.0.0", "::", "127.0.0.1", "10.9.9.9", "", "203.0.113.7", "999.1.1.1"};
        for (int i = 0; i < random.nextInt(4); i++) {
            container.bound(
                    80 + random.nextInt(2),
                    random.nextInt(5) == 0 ? Protocol.UDP : Protocol.TCP,
                    hosts[random.nextInt(hosts.length)],
                    8000 + random.nextInt(3));
        }
        return container.build();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            text.append(BITS.get(random.nextInt(BITS.size())));
        }
        return text.toString();
    }

    private static void assertClean(Candidate candidate) {
        assertThat(Name.isValid(candidate.id().service())).isTrue();
        assertThat(Name.isValid(candidate.id().instance())).isTrue();
        assertPrintable(candidate.instance().image()
                + candidate.instance().version()
                + candidate.instance().unit()
                + candidate.instance().attributes());
        candidate.instance().routes().forEach(route -> assertPrintable(route.toString()));
    }

    private static void assertPrintable(String text) {
        assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .as(Name.printable(text))
                .isTrue();
    }
}
