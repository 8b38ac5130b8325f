package dev.muster.source;

import static dev.muster.source.Rows.CHECKED;
import static dev.muster.source.Rows.HOST;
import static dev.muster.source.Rows.RULES;
import static dev.muster.source.Rows.row;
import static dev.muster.source.SampleContainers.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.SidecarConfig;
import dev.muster.model.Candidate;
import dev.muster.model.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a sidecar names its container: by what it was told, beside what the labels say. */
final class SidecarNamingTest {

    private static final Optional<UnitName> WEB01 = Optional.of(new UnitName("web@01.service"));

    private static final HostRules BY_NAME =
            RULES.ofSidecar(new SidecarConfig(Optional.of("web-01"), Optional.empty(), Optional.empty()));
    private static final HostRules BY_UNIT =
            RULES.ofSidecar(new SidecarConfig(Optional.empty(), WEB01, Optional.empty()));
    private static final HostRules TOLD =
            RULES.ofSidecar(new SidecarConfig(Optional.empty(), WEB01, Optional.of("web")));

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "without a word it is named as by the host's agent",
                        BY_NAME,
                        named("web-01").tcp(80, 18001),
                        "shop/h1-web-01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "the unit names the instance",
                        BY_UNIT,
                        named("web-01").tcp(80, 18001),
                        "shop/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "the flag names the service",
                        TOLD,
                        named("web-01").tcp(80, 18001),
                        "web/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "the flag beats the container's label",
                        TOLD,
                        named("web-01").label("muster.service", "shop").tcp(80, 18001),
                        "web/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "a port's own label beats the flag",
                        TOLD,
                        named("web-01").label("muster.80.service", "shop").tcp(80, 18001),
                        "shop/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "the container's instance beats the unit's",
                        TOLD,
                        named("web-01").label("muster.instance", "blue").tcp(80, 18001),
                        "web/blue " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "several ports",
                        TOLD,
                        named("web-01").tcp(80, 18001).tcp(443, 18002),
                        "web-443/web01 " + HOST + ":18002 http " + CHECKED + ":443",
                        "web-80/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "what is a sidecar's by its label is its own",
                        TOLD,
                        named("web-01").label("muster.agent", "sidecar").tcp(80, 18001),
                        "web/web01 " + HOST + ":18001 http " + CHECKED + ":80"),
                row(
                        "and never the host's agent's",
                        RULES,
                        named("web-01").label("muster.agent", "sidecar").tcp(80, 18001)),
                row(
                        "what is to be ignored",
                        TOLD,
                        named("web-01").label("muster.ignore", "true").tcp(80, 18001)),
                row("what publishes no port is said, since somebody meant it", TOLD, named("web-01"), "refused web-01"),
                row("which is not said of any other container", RULES, named("web-01")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isNamed(String what, HostRules rules, Container container, String expected) {
        Rows.check(what, rules, container, expected);
    }

    @Test
    void theFlagsUnitIsWrittenElseTheLabels() {
        Container container = named("web-01")
                .label("muster.unit", "front.service")
                .tcp(80, 18001)
                .build();

        assertThat(unit(TOLD, container)).isEqualTo("web@01.service");
        assertThat(unit(BY_NAME, container)).isEqualTo("front.service");
    }

    private static String unit(HostRules rules, Container container) {
        return new Registrations(rules)
                .of(List.of(container)).candidates().values().stream()
                        .map(Candidate::instance)
                        .findFirst()
                        .orElseThrow()
                        .unit();
    }
}
