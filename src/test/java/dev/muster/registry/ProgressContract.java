package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.plan.Refusal;
import dev.muster.plan.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Progress} promises. */
public abstract class ProgressContract {

    protected static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");

    protected abstract Progress progress();

    /** A record with one target and one hold. */
    protected static Applied record(String service, long revision, Instant at) {
        Applied.Entry entry = new Applied.Entry(
                new InstanceId(service, "a"),
                new Target("10.0.0.1", 80),
                new Run("c1", "2026-01-01T00:00:00Z"),
                CheckSpec.NONE,
                InstanceState.DRAINING,
                7,
                "host1",
                new Applied.Since(NOON.minusSeconds(5), 6, Optional.of(Duration.ofNanos(9_123_000))));
        Hold hold = new Hold(new InstanceId(service, "b"), new Target("10.0.0.2", 80), NOON, "it still \"answers\"");
        return new Applied(
                service,
                "haproxy",
                "lb1",
                revision,
                at,
                List.of(entry),
                List.of(hold),
                true,
                new TreeMap<>(Map.of(NOON, 3, NOON.plusSeconds(60), 2)),
                new Applied.Leaving(
                        List.of(
                                new Applied.Draining(
                                        new InstanceId(service, "a"), new Target("10.0.0.1", 80), OptionalInt.of(3)),
                                new Applied.Draining(
                                        new InstanceId(service, "c"), new Target("10.0.0.3", 80), OptionalInt.empty())),
                        Optional.of(new InstanceId(service, "d")),
                        Optional.of(Duration.ofMinutes(5))),
                5,
                List.of(new Refusal("setting server_tls", "[haproxy.cfg:7] says \"no\"")),
                revision % 2 == 0
                        ? Optional.empty()
                        : Optional.of(new Spread(
                                NOON, Optional.of(Duration.ofMillis(31_007)).filter(any -> revision > 7))),
                new TreeSet<>(revision == 7 ? List.of(new Target("10.0.0.1", 80)) : List.of()));
    }

    private static Applied of(String watcher) {
        Applied one = record("web000", 0, NOON);
        return new Applied(
                one.service(),
                one.provider(),
                watcher,
                one.revision(),
                one.at(),
                one.targets(),
                one.held(),
                one.failOpen(),
                one.sizes(),
                one.leaving(),
                one.released());
    }

    @Test
    void whatWasWrittenIsRead() throws RegistryException {
        assertThat(progress().records()).isEmpty();
        progress().write(record("web", 7, NOON));
        progress().write(record("db", 8, NOON));
        assertThat(progress().records()).containsExactlyInAnyOrder(record("web", 7, NOON), record("db", 8, NOON));
        progress().write(record("web", 9, NOON));
        progress().delete("db", "haproxy", "lb1");
        progress().delete("db", "haproxy", "lb1");
        assertThat(progress().records()).containsExactly(record("web", 9, NOON));
    }

    @Test
    void manyAreWrittenAtOnceAndEachWatchersAreReadAlone() throws RegistryException {
        List<Applied> many = IntStream.range(0, 300)
                .mapToObj(i -> record("web%03d".formatted(i), i, NOON))
                .toList();
        progress().write(many, Optional.empty());
        progress().write(of("lb2"));
        progress().write(of("b1"));
        assertThat(progress().records("lb1")).containsExactlyInAnyOrderElementsOf(many);
        progress().write(List.of(record("web001", 1000, NOON), record("web002", 1001, NOON)), Optional.empty());
        progress().delete("web003", "haproxy", "lb1");
        assertThat(progress().records("lb1"))
                .hasSize(299)
                .contains(record("web001", 1000, NOON), record("web002", 1001, NOON), record("web004", 4, NOON));
        assertThat(progress().records("lb2")).containsExactly(of("lb2"));
    }

    @Test
    void aWatcherThatAnnouncedItselfIsThere() throws RegistryException {
        assertThat(progress().watchers()).isEmpty();
        Progress.Watcher watcher = new Progress.Watcher(
                "lb1.edge", "lb1", "0.1", List.of("haproxy"), Map.of("haproxy", "it does not start"));
        progress().announce(watcher);
        assertThat(progress().watchers()).containsExactly(watcher);
        Progress.Watcher newer = new Progress.Watcher("lb1.edge", "lb1", "0.2", List.of(), Map.of());
        progress().announce(newer);
        assertThat(progress().watchers()).containsExactly(newer);
    }
}
