package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.Serving;
import dev.muster.plan.Sizes;
import dev.muster.plan.Wanted;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A removal that was meant, and an expiry: what the fold shows of a goodbye is enough for the guard to tell them apart, in one
 * revision, late, and when the watch saw none of it and there is only a whole read.
 */
class GoodbyesTest {

    private static final InstanceId ID = new InstanceId("web", "web01");
    private static final Registration REGISTERED = Registrations.of(ID, "host1", 18001);
    private static final Registration FELLOW = Registrations.of(new InstanceId("web", "web02"), "host2", 18002);
    private static final Run RUN = REGISTERED.instance().run();
    private static final Run ANOTHER = new Run("another", "2026-01-01T00:00:00Z");

    private final SampleStore store = new SampleStore();
    private CatalogFold fold = CatalogFold.nothing(store.keys);

    @BeforeEach
    void bothServe() {
        store.transaction(transaction -> {
            transaction.register(REGISTERED);
            transaction.register(FELLOW);
        });
        fold = Folds.read(store.keys, store.revision(), store.read());
        assertThat(verdict(Optional.of(RUN))).isEqualTo("serves");
    }

    /** All that has happened since, seen by the watch, or by a whole read alone. */
    private void see(boolean watched) {
        if (watched) {
            store.watch(fold.revision() + 1).orElseThrow().forEach(changes -> fold = fold.follow(changes));
        } else {
            store.compact(store.revision());
            fold = Folds.reread(fold, store.revision(), store.read(), true);
        }
    }

    private void step(Consumer<SampleStore.Transaction> body) {
        store.transaction(body);
    }

    private void expires(SampleStore.Transaction transaction) {
        store.below(store.keys.instance(ID)).forEach(key -> transaction.delete(key.key()));
    }

    private void saysGoodbye(SampleStore.Transaction transaction, Run run) {
        transaction.put(
                store.keys.gone(ID), GoodbyeJson.encode(new Goodbye(ID, Goodbye.Reason.STOPPING, "host1", run)));
    }

    /** What becomes of what stands in a balancer. */
    private String verdict(Optional<Run> lastApplied) {
        Catalog catalog = fold.catalog();
        SortedMap<Target, Wanted> wanted = new TreeMap<>();
        catalog.registrations()
                .values()
                .forEach(each -> wanted.put(each.instance().target(), Wanted.of(each)));
        SortedMap<Target, Serving> serving = new TreeMap<>();
        for (Registration each : new Registration[] {REGISTERED, FELLOW}) {
            serving.put(
                    each.instance().target(),
                    new Serving(
                            Wanted.of(each).as(),
                            each.equals(REGISTERED)
                                    ? lastApplied
                                    : Optional.of(each.instance().run()),
                            CheckSpec.TCP,
                            each.owner(),
                            Optional.empty()));
        }
        Decision decision = Guard.decide(new Facts(
                Instant.EPOCH,
                true,
                Instant.MIN,
                serving,
                wanted,
                catalog.goodbyes(),
                Map.of(),
                Optional.of(Sizes.NONE),
                Map.of()));
        return decision.removals().stream()
                .map(removal -> removal.cause().name())
                .findFirst()
                .orElse(decision.holds().isEmpty() ? "serves" : "held");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletionWithItsGoodbyeWasMeant(boolean watched) {
        step(transaction -> {
            expires(transaction);
            saysGoodbye(transaction, RUN);
        });
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("ANNOUNCED");
        assertThat(verdict(Optional.empty())).as("no run is known").isEqualTo("ANNOUNCED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletionWithoutOneIsAnExpiryUntilALateGoodbyeSaysOtherwise(boolean watched) {
        step(this::expires);
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("held");
        assertThat(verdict(Optional.empty())).isEqualTo("held");
        step(transaction -> saysGoodbye(transaction, RUN));
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("ANNOUNCED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGoodbyeOfAnotherRunIsNotThisOnes(boolean watched) {
        step(transaction -> {
            expires(transaction);
            saysGoodbye(transaction, ANOTHER);
        });
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("held");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGoodbyeThatWasTakenBackByRegisteringCountsNoMore(boolean watched) {
        step(transaction -> {
            expires(transaction);
            saysGoodbye(transaction, RUN);
        });
        step(transaction -> transaction.register(REGISTERED));
        step(this::expires);
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("held");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGoodbyeBesideALiveRegistrationRemovesNothing(boolean watched) {
        step(transaction -> saysGoodbye(transaction, RUN));
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("serves");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNoGoodbyeIsNone(boolean watched) {
        step(transaction -> {
            expires(transaction);
            transaction.put(store.keys.gone(ID), "{\"reason\":\"of a newer version\"}");
        });
        see(watched);
        assertThat(verdict(Optional.of(RUN))).isEqualTo("held");
        assertThat(fold.catalog().rejected()).containsOnlyKeys(store.keys.gone(ID));
    }
}
