package dev.muster.source;

import static dev.muster.source.Rows.OPT_IN;
import static dev.muster.source.Rows.RULES;
import static dev.muster.source.SampleContainers.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Instance;
import dev.muster.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Registrator's users have written goes on meaning what it meant. The first cases are the examples of
 * <a href="https://gliderlabs.github.io/registrator/latest/user/services/">its page "Service Object"</a> (sections Container
 * Overrides, Detecting Services, Service Name, Tags and Attributes, Unique ID, Examples), in their order; what its id would
 * have been is ours, {@code <host>-<container>}, since a colon cannot stand in our names.
 */
final class RegistratorLabelsTest {

    private static SampleContainers redis() {
        return named("redis.0").image("progrium/redis").tcp(6379, 10000);
    }

    private static SampleContainers nginx() {
        return named("nginx.0").image("progrium/nginx").tcp(443, 4443).tcp(80, 8000);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("single service with defaults", RULES, redis(), "redis/h1-redis.0 10000"),
                Arguments.of(
                        "single service with metadata",
                        RULES,
                        redis().environment("SERVICE_NAME", "db")
                                .environment("SERVICE_TAGS", "master,backups")
                                .environment("SERVICE_REGION", "us2"),
                        "db/h1-redis.0 10000 {region=us2, tags=master,backups}"),
                Arguments.of(
                        "an escaped comma",
                        RULES,
                        redis().environment("SERVICE_NAME", "db")
                                .environment("SERVICE_TAGS", "/(;\\,:-_)/")
                                .environment("SERVICE_REGION", "us2"),
                        "db/h1-redis.0 10000 {region=us2, tags=/(;\\,:-_)/}"),
                Arguments.of(
                        "multiple services with defaults",
                        RULES,
                        nginx(),
                        "nginx-443/h1-nginx.0 4443\nnginx-80/h1-nginx.0 8000"),
                Arguments.of(
                        "multiple services with metadata",
                        RULES,
                        nginx().environment("SERVICE_443_NAME", "https")
                                .environment("SERVICE_443_ID", "https.12345")
                                .environment("SERVICE_443_SNI", "enabled")
                                .environment("SERVICE_80_NAME", "http")
                                .environment("SERVICE_TAGS", "www"),
                        "http/h1-nginx.0 8000 {tags=www}\nhttps/https.12345 4443 {sni=enabled, tags=www}"),
                Arguments.of(
                        "using labels to define metadata",
                        RULES,
                        redis().label("SERVICE_NAME", "db")
                                .label("SERVICE_TAGS", "master,backups")
                                .label("SERVICE_REGION", "us2"),
                        "db/h1-redis.0 10000 {region=us2, tags=master,backups}"),
                Arguments.of(
                        "SERVICE_NAME with several ports",
                        RULES,
                        nginx().label("SERVICE_NAME", "web"),
                        "web-443/h1-nginx.0 4443\nweb-80/h1-nginx.0 8000"),
                Arguments.of("ignored", RULES, redis().label("SERVICE_IGNORE", "true"), ""),
                Arguments.of("ignored by the environment", RULES, redis().environment("SERVICE_IGNORE", "1"), ""),
                Arguments.of("ignored by any text", RULES, redis().label("SERVICE_IGNORE", "false"), ""),
                Arguments.of(
                        "not ignored by none", RULES, redis().label("SERVICE_IGNORE", ""), "redis/h1-redis.0 10000"),
                Arguments.of(
                        "one port ignored: the other keeps its name",
                        RULES,
                        nginx().label("SERVICE_443_IGNORE", "true"),
                        "nginx-80/h1-nginx.0 8000"),
                Arguments.of(
                        "ignored but for one port",
                        RULES,
                        nginx().label("SERVICE_IGNORE", "true").label("SERVICE_80_IGNORE", ""),
                        "nginx-80/h1-nginx.0 8000"),
                Arguments.of(
                        "the operator's label beats the author's environment",
                        RULES,
                        redis().environment("SERVICE_NAME", "author").label("SERVICE_NAME", "operator"),
                        "operator/h1-redis.0 10000"),
                Arguments.of(
                        "and takes it back",
                        RULES,
                        redis().environment("SERVICE_NAME", "author").label("SERVICE_NAME", ""),
                        "redis/h1-redis.0 10000"),
                Arguments.of(
                        "port-specific environment beats a general label",
                        RULES,
                        redis().label("SERVICE_NAME", "general").environment("SERVICE_6379_NAME", "own"),
                        "own/h1-redis.0 10000"),
                Arguments.of(
                        "port-specific label beats port-specific environment",
                        RULES,
                        redis().label("SERVICE_6379_NAME", "label").environment("SERVICE_6379_NAME", "author"),
                        "label/h1-redis.0 10000"),
                Arguments.of(
                        "attributes likewise, in lower case",
                        RULES,
                        nginx().label("SERVICE_REGION", "eu")
                                .label("SERVICE_80_Region", "us")
                                .environment("SERVICE_TIER", "front"),
                        "nginx-443/h1-nginx.0 4443 {region=eu, tier=front}\nnginx-80/h1-nginx.0 8000 {region=us, tier=front}"),
                Arguments.of(
                        "another port's words are nothing to this one",
                        RULES,
                        redis().label("SERVICE_80_NAME", "web").label("SERVICE_80_ID", "x"),
                        "redis/h1-redis.0 10000"),
                Arguments.of("an id", RULES, redis().label("SERVICE_ID", "redis-1"), "redis/redis-1 10000"),
                Arguments.of(
                        "muster's own labels win",
                        RULES,
                        redis().label("SERVICE_6379_NAME", "a")
                                .label("SERVICE_6379_ID", "b")
                                .label("SERVICE_6379_TAGS", "c")
                                .label("SERVICE_6379_REGION", "d")
                                .label("muster.service", "db")
                                .label("muster.instance", "db1")
                                .label("muster.tags", "e")
                                .label("muster.attribute.region", "f"),
                        "db/db1 10000 {region=f, tags=e}"),
                Arguments.of(
                        "muster.enable beats SERVICE_IGNORE",
                        RULES,
                        redis().label("SERVICE_IGNORE", "1").label("muster.enable", "true"),
                        "redis/h1-redis.0 10000"),
                Arguments.of(
                        "muster.ignore beats a name",
                        RULES,
                        redis().label("SERVICE_NAME", "db").label("muster.ignore", "true"),
                        ""),
                Arguments.of("opt-in without a name (-explicit)", OPT_IN, redis(), ""),
                Arguments.of(
                        "opt-in by a name (-explicit)",
                        OPT_IN,
                        redis().label("SERVICE_NAME", "db"),
                        "db/h1-redis.0 10000"),
                Arguments.of(
                        "opt-in by one port's name (-explicit)",
                        OPT_IN,
                        nginx().label("SERVICE_80_NAME", "http"),
                        "http/h1-nginx.0 8000"),
                Arguments.of(
                        "udp",
                        RULES,
                        named("dns")
                                .image("bind")
                                .bound(53, Protocol.UDP, "0.0.0.0", 53)
                                .label("SERVICE_53_NAME", "ns"),
                        "ns/h1-dns 53"),
                Arguments.of(
                        "a secret of the environment is not published, a label is",
                        RULES,
                        redis().environment("SERVICE_DB_PASSWORD", "hunter2")
                                .environment("SERVICE_API_KEY", "k")
                                .environment("SERVICE_TOKEN", "t")
                                .environment("SERVICE_MONKEY", "m")
                                .label("SERVICE_KEY", "public"),
                        "redis/h1-redis.0 10000 {key=public, monkey=m}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void becomes(String what, HostRules rules, SampleContainers container, String expected) {
        Registrations.Result result = new Registrations(rules).of(List.of(container.build()));
        assertThat(result.candidates().values().stream()
                        .map(candidate -> shown(candidate.instance()))
                        .collect(Collectors.joining("\n")))
                .as("%s; refused: %s", what, result.refused())
                .isEqualTo(expected);
        assertThat(result.refused()).isEmpty();
    }

    @Test
    void whatCannotBeTakenIsRefusedByItsLabelItsValueAndWhatIsAllowed() {
        Map<String, String> refusals = Map.of(
                "SERVICE_NAME", "SERVICE_NAME '../x': allowed are 1 to 128 letters",
                "SERVICE_6379_NAME", "SERVICE_6379_NAME '../x': allowed are 1 to 128 letters",
                "SERVICE_ID", "SERVICE_ID '../x': allowed are 1 to 128 letters",
                "SERVICE_CONTAINER", "SERVICE_CONTAINER '../x': the attribute container is Muster's own",
                "SERVICE_A B", "SERVICE_A B '../x': allowed as an attribute's name are");
        refusals.forEach((label, why) -> {
            assertThat(refusal(redis().label(label, "../x"))).as(label).contains(why);
            assertThat(refusal(redis().environment(label, "../x")))
                    .as(label)
                    .contains(why.replace(label + " ", label + " in its environment "));
        });
        assertThat(refusal(redis().label("SERVICE_REGION", "a\nb")))
                .contains("SERVICE_REGION 'a\\u000ab': allowed is text without control characters");
        assertThat(refusal(redis().label("SERVICE_TAGS", "a\u202eb"))).contains("SERVICE_TAGS 'a\\u202eb'");
        SampleContainers many = redis();
        for (int i = 0; i < 35; i++) {
            many.label("SERVICE_A" + i, "x");
        }
        assertThat(refusal(many)).contains("35 attributes").contains("allowed are 34");
        assertThat(refusal(redis().label("SERVICE_A", "x".repeat(1025)))).contains("allowed are 1024 characters");
    }

    private static String refusal(SampleContainers container) {
        Registrations.Result result = new Registrations(RULES).of(List.of(container.build()));
        assertThat(result.candidates()).isEmpty();
        return result.refused().getOrDefault("redis.0", "");
    }

    /** {@code service/instance port {attributes}}, without what Muster itself knows. */
    private static String shown(Instance instance) {
        SortedMap<String, String> said = new TreeMap<>(instance.attributes());
        said.remove("container");
        said.remove("image_tag");
        return instance.id() + " " + instance.port() + (said.isEmpty() ? "" : " " + said);
    }
}
