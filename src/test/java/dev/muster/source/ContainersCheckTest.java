package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import dev.muster.model.Addresses;
import dev.muster.model.AliasPlaces;
import dev.muster.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainersCheckTest {

    private static final AliasPlaces ALIASES = new AliasPlaces("/services", List.of());

    private final List<Container> containers = new ArrayList<>();
    private FakeContainerSource.Mode mode = FakeContainerSource.Mode.WORKS;

    private static HostRules rules(boolean optIn) {
        return new HostRules("host1", new Addresses("", "10.0.0.1"), false, optIn);
    }

    private List<String> look(boolean optIn) throws InterruptedException {
        HostRules rules = rules(optIn);
        return Seen.by(new ContainersCheck(this::engine, () -> rules, ALIASES, true));
    }

    /** A check closes the one that it asked. */
    private FakeContainerSource engine() {
        FakeContainerSource engine = new FakeContainerSource();
        containers.forEach(engine::put);
        engine.answer(mode);
        return engine;
    }

    @Test
    void aContainerIsToldAsWhatItWouldBePublished() throws Exception {
        containers.add(SampleContainers.named("w")
                .label("muster.service", "web")
                .label("muster.instance", "web01")
                .tcp(80, 8001)
                .build());

        assertThat(look(false)).containsExactly("OK published: w as web/web01 at 10.0.0.1:8001 (http, check tcp)");
    }

    @Test
    void wrongLabelsAreAFaultInTheSentenceOfTheAgentsLog() throws Exception {
        Container wrong = SampleContainers.named("w")
                .label("muster.check", "ftp")
                .tcp(80, 8001)
                .build();
        containers.add(wrong);

        assertThat(look(false))
                .containsExactly("FAIL refused: w is not published: port 80: muster.check 'ftp': allowed are tcp, none"
                        + " -> make it anew with what is allowed, in docker run or its Compose file");
        HostRules rules = rules(false);
        String said =
                new Registrations(rules, ALIASES).of(List.of(wrong)).refused().get("w");
        assertThat(look(false).getFirst()).contains("w is not published: " + said);
    }

    @Test
    void whatOfALabelIsNotFollowedIsWorthALook() throws Exception {
        containers.add(SampleContainers.named("w")
                .label("muster.service", "web")
                .label("muster.alias", "elsewhere=%{port}")
                .tcp(80, 8001)
                .build());

        assertThat(look(false))
                .anyMatch(line -> line.startsWith("OK published: w as web/"))
                .anyMatch(line -> line.startsWith("WARN incomplete: w has labels that are not followed: "));
    }

    @Test
    void hostileLabelsCannotSteerATerminal() throws Exception {
        containers.add(SampleContainers.named("w")
                .label("muster.service", "\u001b[2Jweb\n")
                .tcp(80, 8001)
                .build());

        assertThat(look(false))
                .singleElement()
                .asString()
                .startsWith("FAIL refused: w")
                .doesNotContain("\u001b", "\n");
    }

    @Test
    void whatNobodyMeantIsNoFault() throws Exception {
        containers.add(SampleContainers.named("admin")
                .bound(80, Protocol.TCP, "127.0.0.1", 8001)
                .build());

        assertThat(look(false))
                .singleElement()
                .asString()
                .startsWith("WARN refused: admin is not published: port 80: it is published at 127.0.0.1 only")
                .endsWith("muster.ignore=true");
    }

    @Test
    void whatIsLeftOutSilentlyIsToldWithItsReason() throws Exception {
        containers.add(SampleContainers.named("bare").build());
        containers.add(SampleContainers.named("ignored")
                .label("muster.ignore", "true")
                .tcp(80, 1)
                .build());
        containers.add(SampleContainers.named("sidecars")
                .label("muster.agent", "sidecar")
                .tcp(80, 2)
                .build());
        containers.add(SampleContainers.published("plain", 80, 3));

        assertThat(look(true))
                .containsExactly(
                        "OK left-out: bare is left out: it publishes no port",
                        "OK left-out: ignored is left out: its label muster.ignore keeps it out",
                        "OK left-out: plain is left out: it has no label muster.enable=true, which --opt-in asks for",
                        "OK left-out: sidecars is left out: its label muster.agent=sidecar leaves it to a sidecar of its own");
        assertThat(look(false))
                .contains("OK left-out: bare is left out: it publishes no port")
                .anyMatch(line -> line.startsWith("OK published: plain as "));
    }

    @Test
    void anEngineThatFailsIsNoEmptyHost() throws Exception {
        assertThat(look(false)).containsExactly("OK published: no container runs here");
        mode = FakeContainerSource.Mode.FAILS;
        assertThat(look(false)).singleElement().asString().startsWith("FAIL containers: no container was read: ");

        HostRules rules = rules(false);
        assertThat(Seen.by(new ContainersCheck(this::engine, () -> rules, ALIASES, false)))
                .singleElement()
                .asString()
                .startsWith("WARN containers: no container was read: ")
                .contains("-> nothing, where no agent is to run; else");
    }

    @Test
    void withoutTheHostsAddressesNothingIsClaimed() throws Exception {
        containers.add(SampleContainers.published("plain", 80, 3));
        ContainersCheck check = new ContainersCheck(
                this::engine,
                () -> {
                    throw new IllegalArgumentException("no default route");
                },
                ALIASES,
                true);

        assertThat(Seen.by(check)).singleElement().asString().startsWith("FAIL containers: which containers");
    }
}
