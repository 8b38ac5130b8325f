package dev.muster.agent;

import static dev.muster.agent.AgentRig.id;
import static dev.muster.agent.AgentRig.unchecked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.SidecarConfig;
import dev.muster.model.InstanceId;
import dev.muster.model.UnitName;
import dev.muster.registry.RegistryException;
import dev.muster.source.Container;
import dev.muster.source.SampleContainers;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sidecar beside the agent of its host: whichever has a container keeps it, and no moment has two owners. */
final class SidecarAgentTest {

    private static final String LATER = "2026-11-20T11:00:00Z";
    private static final InstanceId BY_HOST = new InstanceId("shop", "host1-web-01");
    private static final InstanceId BY_UNIT = id("web01");

    private final AgentRig host = AgentRig.fresh();
    private final AgentRig sidecar = host.sidecar(
            "host1.web-01",
            new SidecarConfig(Optional.empty(), Optional.of(new UnitName("web@01.service")), Optional.of("web")));

    /** One that either would take, under names that are not the same. */
    private static Container unlabelled(String startedAt) {
        return SampleContainers.named("web-01")
                .tcp(80, 18001)
                .label("muster.check", "none")
                .startedAt(startedAt)
                .build();
    }

    private void settleBoth() {
        for (int i = 0; i < 3; i++) {
            sidecar.settle();
            host.settle();
        }
    }

    @Test
    void whatTheHostsAgentHoldsIsLeftToItUntilItGoes() throws RegistryException {
        host.engine.put(unlabelled(SampleContainers.STARTED_AT));
        host.settle();
        sidecar.settle();
        settleBoth();
        assertThat(host.registry.registrations()).containsOnlyKeys(BY_HOST);
        assertThat(sidecar.status.blocked()).containsOnlyKeys(BY_UNIT);
        assertThat(sidecar.status.blocked().get(BY_UNIT)).isEqualTo("is held by 'host1'");

        host.agent.leave();
        sidecar.settle();
        assertThat(host.registry.registrations()).containsOnlyKeys(BY_UNIT);
        assertThat(sidecar.status.blocked()).isEmpty();
    }

    @Test
    void whatASidecarIsThereForIsLeftToItUntilItGoes() {
        sidecar.settle();
        host.engine.put(unlabelled(SampleContainers.STARTED_AT));
        host.settle();
        assertThat(host.registry.registrations())
                .as("even before the sidecar has seen it")
                .isEmpty();
        settleBoth();
        assertThat(host.registry.registrations()).containsOnlyKeys(BY_UNIT);
        assertThat(host.status.blocked().get(BY_HOST)).isEqualTo("is held by 'host1.web-01'");

        sidecar.store.close();
        host.registry.endLease("host1.web-01");
        host.settle();
        assertThat(host.registry.registrations()).containsOnlyKeys(BY_HOST);
    }

    @Test
    void theNextRunIsTheSidecars() {
        host.engine.put(unlabelled(SampleContainers.STARTED_AT));
        host.settle();
        settleBoth();
        host.engine.remove(SampleContainers.idOf("web-01"));
        settleBoth();
        assertThat(host.registry.registrations()).isEmpty();
        host.engine.put(unlabelled(LATER));
        settleBoth();
        assertThat(host.registry.registrations()).hasEntrySatisfying(BY_UNIT, registration -> {
            assertThat(registration.owner()).isEqualTo("host1.web-01");
            assertThat(registration.instance().unit()).isEqualTo("web@01.service");
        });
        assertThat(host.registry.registrations()).hasSize(1);
    }

    @Test
    void whatIsASidecarsByItsLabelIsNobodyElses() {
        Container labelled = SampleContainers.named("other")
                .tcp(80, 18001)
                .label("muster.agent", "sidecar")
                .label("muster.check", "none")
                .build();
        host.engine.put(labelled);
        host.settle();
        assertThat(host.registry.registrations()).isEmpty();
        assertThat(host.status.blocked()).isEmpty();
        sidecar.settle();
        assertThat(host.registry.registrations()).containsOnlyKeys(BY_UNIT);
    }

    @Test
    void otherContainersAreTheHostsAsBefore() {
        sidecar.settle();
        host.engine.put(unchecked("web07"));
        host.settle();
        assertThat(host.registry.registrations()).containsOnlyKeys(id("web07"));
    }
}
