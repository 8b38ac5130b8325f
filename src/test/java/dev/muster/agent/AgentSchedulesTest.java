package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens in whatever order, on its way an agent keeps to {@link AgentInvariants}, and once it is over the keys equal
 * the containers. {@code -Dmuster.seed=N} runs one schedule and prints it; {@code -Dmuster.schedules=N} runs more of them.
 */
final class AgentSchedulesTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.muster.agent");
    private static final long SCHEDULES = Long.getLong("muster.schedules", 100_000);

    /** Within so many schedules each mutation must be noticed: so rare may an order of events be that matters. */
    private static final long SEEDS_PER_MUTATION = 1_000;

    /** A hundred thousand lives are a lot to read; one is not. */
    @BeforeAll
    static void quiet() {
        if (Long.getLong("muster.seed") == null) {
            LOG.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @Test
    void inTheEndTheKeysEqualTheContainers() {
        Long one = Long.getLong("muster.seed");
        if (one != null) {
            run(one, Mutation.NONE);
        } else {
            LongStream.rangeClosed(1, SCHEDULES).parallel().forEach(seed -> run(seed, Mutation.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void anAgentThatIsWrongIsNoticed(Mutation mutation) {
        OptionalLong noticed = LongStream.rangeClosed(1, SEEDS_PER_MUTATION)
                .filter(seed -> isWrong(seed, mutation))
                .findFirst();
        assertThat(noticed).as("noticed within %d seeds", SEEDS_PER_MUTATION).isPresent();
    }

    private static boolean isWrong(long seed, Mutation mutation) {
        try {
            new AgentSchedule(seed, mutation).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void run(long seed, Mutation mutation) {
        AgentSchedule schedule = new AgentSchedule(seed, mutation);
        try {
            schedule.run();
        } catch (AssertionError | RuntimeException e) {
            fail("seed %d (-Dmuster.seed=%d): %s".formatted(seed, seed, schedule), e);
        }
    }
}
