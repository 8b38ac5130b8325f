package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.AliasPlaces;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.Name;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels are other people's text: none becomes a part of a key, a file line or a command unless it is a name. */
final class HostileLabelsTest {

    /** So that the grammar of keys is what keeps a hostile one away. */
    private static final AliasPlaces ANYWHERE = new AliasPlaces("/services", List.of(""));

    private static final int LABEL_SETS = 200_000;
    private static final Pattern KEY = Pattern.compile("(/[!-.0-~]{1,128}){2,16}");

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
    void twoHundredThousandGeneratedLabelSetsAreNamedByTheGrammarOrRefusedPrintably() {
        long seed = 20_261_121L;
        GeneratedContainers generator = new GeneratedContainers(seed);
        Random random = new Random(seed);
        SortedMap<String, Integer> seen = new TreeMap<>();
        for (int made = 0; made < LABEL_SETS; ) {
            List<Container> containers = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                containers.add(generator.next(i));
            }
            made += containers.size();
            HostRules rules = generator.rules();
            Registrations.Result result = new Registrations(rules, ANYWHERE).of(containers);
            Collections.shuffle(containers, random);
            Registrations.Result again = new Registrations(rules, ANYWHERE).of(containers);
            if (!again.candidates().equals(result.candidates())
                    || !again.routes().equals(result.routes())) {
                assertThat(again).as("seed %d, after %d", seed, made).isEqualTo(result);
            }
            result.candidates().values().forEach(HostileLabelsTest::assertClean);
            result.routes().forEach((service, routes) -> {
                require(Name.isValid(service), service);
                routes.forEach(route -> assertPrintable(route.toString()));
            });
            result.refused().forEach((name, why) -> assertPrintable(name + why));
            result.incomplete().forEach((name, why) -> assertPrintable(name + why));
            count(seen, "accepted", result.candidates().size());
            count(seen, "refused", result.refused().size());
            count(seen, "incomplete", result.incomplete().size());
            count(seen, "routed", result.routes().size());
            result.candidates().values().forEach(candidate -> {
                count(seen, "aliases", candidate.instance().aliases().size());
                count(seen, "attributes", candidate.instance().attributes().size() > 2 ? 1 : 0);
                count(seen, "ipv6", candidate.instance().addresses().ipv6().isPresent() ? 1 : 0);
            });
        }
        assertThat(seen)
                .as("the generator makes good ones and bad ones")
                .allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(100));
        assertThat(seen.get("accepted")).isGreaterThan(20_000);
        assertThat(seen.get("refused")).isGreaterThan(50_000);
    }

    private static void count(SortedMap<String, Integer> seen, String what, int times) {
        seen.merge(what, times, Integer::sum);
    }

    private static void assertClean(Candidate candidate) {
        Instance instance = candidate.instance();
        require(Name.isValid(candidate.id().service()), candidate.id().service());
        require(Name.isValid(candidate.id().instance()), candidate.id().instance());
        assertPrintable(instance.image() + instance.version() + instance.unit());
        instance.routes().forEach(route -> assertPrintable(route.toString()));
        require(instance.attributes().size() <= 40, "attributes");
        instance.attributes().forEach((name, value) -> {
            assertPrintable(name);
            assertPlain(value);
        });
        instance.aliases().forEach((key, value) -> {
            require(KEY.matcher(key).matches() && !(key + "/").contains("/../"), key);
            assertPlain(value);
        });
    }

    /** Letters of any language, and nothing that a terminal, a log or a page obeys. */
    private static void assertPlain(String text) {
        boolean plain = text.codePoints()
                .noneMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.SURROGATE);
        require(plain && text.length() <= 4096, text);
    }

    private static void assertPrintable(String text) {
        require(text.chars().allMatch(c -> c >= ' ' && c <= '~'), text);
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(Name.printable(text));
        }
    }
}
