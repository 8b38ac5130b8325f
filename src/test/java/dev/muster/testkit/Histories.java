package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Histories of one kind, each made by its seed alone; their logs are left out, since so many lives are a lot to read.
 * {@code -Dmuster.seed=N} runs one, with its log; {@code -Dmuster.histories=N} runs another number of them.
 */
public final class Histories implements BeforeAllCallback, AfterAllCallback {

    /** What befalls somebody; {@link #toString} tells it afterwards. */
    public interface History {
        /** @throws AssertionError when something does not hold, on its way or in the end */
        void run() throws Exception;
    }

    /** Within so many one that is wrong on purpose must be noticed: so rare may an order of events be that matters. */
    private static final long UNTIL_NOTICED = 1_000;

    private final Optional<Long> one = Optional.ofNullable(Long.getLong("muster.seed"));
    private final long number;
    private final List<Logger> logs;

    /** @param packages below {@code dev.muster}, of those who would log */
    public Histories(long number, String... packages) {
        this.number = Long.getLong("muster.histories", number);
        this.logs = Stream.of(packages)
                .map(name -> (Logger) LoggerFactory.getLogger("dev.muster." + name))
                .toList();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (one.isEmpty()) {
            logs.forEach(log -> log.setLevel(Level.OFF));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        logs.forEach(log -> log.setLevel(null));
    }

    /** All must hold. */
    public void hold(LongFunction<? extends History> bySeed) {
        one.map(seed -> LongStream.of(seed))
                .orElseGet(() -> LongStream.rangeClosed(1, number))
                .parallel()
                .forEach(seed -> {
                    History history = bySeed.apply(seed);
                    try {
                        history.run();
                    } catch (AssertionError | Exception e) {
                        throw new AssertionError("seed %d (-Dmuster.seed=%d):%n%s".formatted(seed, seed, history), e);
                    }
                });
    }

    /** One of the first must not. */
    public void notice(LongFunction<? extends History> wrongBySeed) {
        assertThat(LongStream.rangeClosed(1, UNTIL_NOTICED).anyMatch(seed -> isNoticed(wrongBySeed.apply(seed))))
                .as("noticed within %d histories", UNTIL_NOTICED)
                .isTrue();
    }

    private static boolean isNoticed(History history) {
        try {
            history.run();
            return false;
        } catch (AssertionError e) {
            return true;
        } catch (Exception e) {
            throw new IllegalStateException(history.toString(), e);
        }
    }
}
