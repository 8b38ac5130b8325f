package dev.muster.agent;

import dev.muster.registry.FakeRegistrationStore;
import dev.muster.source.FakeContainerSource;

/** An agent that is wrong on purpose, to show that the schedules notice it. */
enum Mutation {
    NONE,
    DROPS_THE_VERSION_COMPARE,
    TAKES_AN_ERROR_FOR_EMPTY,
    TAKES_UNREAD_FOR_GONE,
    SKIPS_THE_LIST_AFTER_SUBSCRIBING,
    ADOPTS_WITHOUT_THE_LOCK,
    ADOPTS_FROM_ANOTHER_MACHINE,
    FORGETS_THE_GOODBYE;

    void apply(AgentRig rig) {
        rig.store.is(
                switch (this) {
                    case DROPS_THE_VERSION_COMPARE -> FakeRegistrationStore.Flaw.COMPARES_NO_VERSION;
                    case ADOPTS_FROM_ANOTHER_MACHINE -> FakeRegistrationStore.Flaw.COMPARES_NO_MACHINE;
                    case FORGETS_THE_GOODBYE -> FakeRegistrationStore.Flaw.SAYS_NO_GOODBYE;
                    default -> FakeRegistrationStore.Flaw.NONE;
                });
        rig.engine.is(
                switch (this) {
                    case TAKES_AN_ERROR_FOR_EMPTY -> FakeContainerSource.Flaw.ERROR_IS_EMPTY;
                    case TAKES_UNREAD_FOR_GONE -> FakeContainerSource.Flaw.UNREAD_IS_GONE;
                    case SKIPS_THE_LIST_AFTER_SUBSCRIBING -> FakeContainerSource.Flaw.SUBSCRIBES_SILENTLY;
                    default -> FakeContainerSource.Flaw.NONE;
                });
    }
}
