package dev.muster.agent;

import dev.muster.testkit.Histories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens in whatever order, on its way an agent keeps to {@link AgentInvariants}, and in the end the keys equal the containers. */
final class AgentSchedulesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(100_000, "agent");

    @Test
    void inTheEndTheKeysEqualTheContainers() {
        HISTORIES.hold(seed -> new AgentSchedule(seed, Mutation.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void anAgentThatIsWrongIsNoticed(Mutation wrong) {
        HISTORIES.notice(seed -> new AgentSchedule(seed, wrong));
    }
}
