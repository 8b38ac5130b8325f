package dev.muster.source;

import static dev.muster.source.Rows.RULES;
import static dev.muster.source.SampleContainers.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many containers are one set of registrations, whatever their order. */
final class RegistrationsTest {

    @Test
    void everythingThatIsSaidIsCarried() {
        Container container = named("a")
                .label("muster.weight", "7")
                .label("muster.route.host", "Shop.Example.COM")
                .label("muster.route.path", "/cart")
                .label("muster.unit", "web@01.service")
                .label("org.opencontainers.image.version", "1.4.2")
                .label("muster.tags", "blue, a\\,b,")
                .label("muster.attribute.team", "caf\u00e9")
                .label("muster.80.attribute.tier", "front")
                .image("registry.example:5000/team/shop:1.4@sha256:ab12")
                .imageId("sha256:20da")
                .state(Container.State.PAUSED)
                .tcp(80, 8080)
                .build();
        Candidate candidate = new Registrations(RULES)
                .of(List.of(container))
                .candidates()
                .firstEntry()
                .getValue();
        var instance = candidate.instance();
        assertThat(candidate.paused()).isTrue();
        assertThat(instance.weight()).isEqualTo(7);
        assertThat(instance.routes()).singleElement().hasToString("Route[host=shop.example.com, path=/cart, port=0]");
        assertThat(instance.unit()).isEqualTo("web@01.service");
        assertThat(instance.version()).isEqualTo("1.4.2");
        assertThat(instance.image()).isEqualTo("registry.example:5000/team/shop:1.4@sha256:ab12");
        assertThat(instance.run()).isEqualTo(container.run());
        assertThat(instance.attributes())
                .containsOnly(
                        Map.entry("container", "a"),
                        Map.entry("tags", "blue,a\\,b"),
                        Map.entry("team", "caf\u00e9"),
                        Map.entry("tier", "front"),
                        Map.entry("image_id", "sha256:20da"),
                        Map.entry("image_tag", "1.4"),
                        Map.entry("image_digest", "sha256:ab12"));
    }

    @Test
    void whatIsAskedForInDnsTravelsWithTheInstanceAndAPortsOwnWordGoesFirst() {
        var instance = new Registrations(RULES)
                .of(List.of(named("a")
                        .label("muster.dns.name", "web.example.com")
                        .label("muster.dns.ttl", " 60")
                        .label("muster.80.dns.ttl", "30")
                        .label("muster.dns.zone", "")
                        .label("muster.dns.routing", "weighted")
                        .label("muster.dns.weight", "7")
                        .tcp(80, 8080)
                        .build()))
                .candidates()
                .firstEntry()
                .getValue()
                .instance();
        assertThat(instance.dns())
                .containsOnly(
                        Map.entry("name", "web.example.com"),
                        Map.entry("ttl", "30"),
                        Map.entry("routing", "weighted"),
                        Map.entry("weight", "7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "muster.dns.ttl | soon | port 80: muster.dns.ttl 'soon': allowed is a whole number from 0 to 2147483647",
                "muster.80.dns.routing | geo | port 80: muster.80.dns.routing 'geo': allowed is simple, multivalue or weighted",
                "muster.dns.weight | 256 | port 80: muster.dns.weight '256': allowed is a whole number from 0 to 255",
                "muster.dns.nmae | a.example.com | port 80: label 'muster.dns.nmae': allowed are muster.dns.alias|",
            })
    void whatIsNoneOfDnsKeepsItsContainerOutAndIsTold(String label, String value, String why) {
        Registrations.Result result = new Registrations(RULES)
                .of(List.of(named("a").label(label, value).tcp(80, 8080).build()));
        assertThat(result.candidates()).isEmpty();
        assertThat(result.refused().get("a")).startsWith(why);
    }

    @Test
    void theTagIsTheVersionWhereTheImageSaysNone() {
        Candidate candidate = new Registrations(RULES)
                .of(List.of(named("a").tcp(80, 1).build()))
                .candidates()
                .firstEntry()
                .getValue();
        assertThat(candidate.instance().version()).isEqualTo("1.4");
    }

    @Test
    void ofTwoThatClaimOneIdTheOlderRunKeepsItInWhateverOrderTheyCome() {
        // As texts these two sort the other way round.
        Container older = named("b")
                .label("muster.instance", "one")
                .startedAt("2026-11-20T10:00:00.12Z")
                .tcp(80, 1)
                .build();
        Container younger = named("a")
                .label("muster.instance", "one")
                .startedAt("2026-11-20T10:00:00.123Z")
                .tcp(80, 2)
                .build();
        for (List<Container> order : List.of(List.of(older, younger), List.of(younger, older))) {
            Registrations.Result registrations = new Registrations(RULES).of(order);
            assertThat(registrations.candidates().values())
                    .singleElement()
                    .satisfies(
                            candidate -> assertThat(candidate.instance().run()).isEqualTo(older.run()));
            assertThat(registrations.refused()).containsOnlyKeys("a");
            assertThat(registrations.refused().get("a")).contains("shop/one").contains("'b'");
        }
    }

    @Test
    void theOrderInWhichTheEngineListsThemDoesNotMatter() {
        List<Container> containers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            containers.add(named("c" + i)
                    .label("muster.instance", "i" + i % 4)
                    .startedAt("2026-11-20T10:00:0" + i % 3 + "Z")
                    .tcp(80, 100 + i)
                    .build());
        }
        Registrations.Result first = new Registrations(RULES).of(containers);
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(containers, new Random(seed));
            Registrations.Result again = new Registrations(RULES).of(containers);
            assertThat(again.candidates()).isEqualTo(first.candidates());
            assertThat(again.refused().keySet()).isEqualTo(first.refused().keySet());
        }
    }

    @Test
    void whatIsRememberedOfContainersChangesNothing() {
        List<Container> containers = new ArrayList<>();
        Registrations remembering = new Registrations(RULES);
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            if (containers.size() > 5 && random.nextBoolean()) {
                containers.remove(random.nextInt(containers.size()));
            } else {
                containers.add(named("c" + random.nextInt(9))
                        .label("muster.instance", "i" + random.nextInt(4))
                        .startedAt("2026-11-20T10:00:0" + random.nextInt(9) + "Z")
                        .tcp(80, 100 + round)
                        .build());
            }
            assertThat(remembering.of(containers)).isEqualTo(new Registrations(RULES).of(containers));
        }
    }

    @Test
    void reasonsNameTheLabelItsValueAndWhatIsAllowed() {
        Container container =
                named("a").label("muster.check", "htt\u202ep").tcp(80, 80).build();
        assertThat(new Registrations(RULES).of(List.of(container)).refused())
                .containsEntry("a", "port 80: muster.check 'htt\\u202ep': allowed are tcp, none");
    }
}
