package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Goodbye;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What every {@link RegistrationStore} promises; each test has stores of its own over one fresh registry. */
public abstract class RegistrationStoreContract {

    protected static final String OWNER = "host1";
    protected static final InstanceId WEB = new InstanceId("web", "web01");

    /** A store of this owner, on the machine of that id; the registry is the same for all stores of a test. */
    protected abstract RegistrationStore store(String owner, String machineId);

    /** What a reader finds of the routes that this owner's containers give to other services, by service. */
    protected abstract SortedMap<String, List<Route>> routes(String owner);

    /** The same, which leaves a registration to certain owners wherever they are there. */
    protected abstract RegistrationStore store(
            String owner, String machineId, Function<Registration, Set<String>> rivals);

    /** The registry's newest revision: a write raises it, a reading does not. */
    protected abstract long revision();

    protected static Registration registration(String owner, String run) {
        Instance instance = new Instance(
                WEB,
                "host1",
                new Addresses("192.0.2.1", "10.0.0.1"),
                18001,
                Protocol.HTTP,
                CheckSpec.TCP,
                List.of(new Route("web.example.com", "", 0)),
                Instance.DEFAULT_WEIGHT,
                new Run(run, "2026-01-02T03:04:05.678901234Z"),
                "web@01.service",
                "web:1",
                "1",
                Map.of("colour", "blue"),
                Map.of());
        return new Registration(instance, owner, InstanceState.UP, "");
    }

    protected static Goodbye goodbye(Registration of, Goodbye.Reason reason) {
        return new Goodbye(of.id(), reason, of.owner(), of.instance().run());
    }

    /** What the store holds of {@link #WEB}, read back. */
    protected static Held held(RegistrationStore store) throws RegistryException {
        return Objects.requireNonNull(store.read().get(WEB), "nothing is held");
    }

    protected static Held done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).held();
    }

    @Test
    void whatIsPutIsReadBack() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        assertThat(store.read()).isEmpty();
        Held held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(held.registration()).contains(registration(OWNER, "run1"));
        assertThat(store.read()).containsOnly(Map.entry(WEB, held));
        assertThat(store.current()).isTrue();
    }

    @Test
    void aNewerVersionReplacesTheOneThatWasSeenAndNoOther() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Held first = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        Registration down = registration(OWNER, "run1").withState(InstanceState.DOWN, Registration.REASON_CHECK);
        Held second = done(store.put(down, Optional.of(first)));
        assertThat(second.version()).isGreaterThan(first.version());
        assertThat(store.put(registration(OWNER, "run2"), Optional.of(first))).isInstanceOf(Outcome.Stale.class);
        assertThat(store.remove(first, goodbye(down, Goodbye.Reason.ENDED))).isInstanceOf(Outcome.Stale.class);
        assertThat(held(store)).isEqualTo(second);
    }

    @Test
    void whatIsRemovedIsGoneAndCanBePutAgain() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Held held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(store.remove(held, goodbye(registration(OWNER, "run1"), Goodbye.Reason.ENDED)))
                .isInstanceOf(Outcome.Gone.class);
        assertThat(store.read()).isEmpty();
        done(store.put(registration(OWNER, "run2"), Optional.empty()));
        assertThat(store.read()).containsOnlyKeys(WEB);
    }

    @Test
    void aSecondOwnerIsRefusedAndTheFirstKeepsWhatItHas() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        Held held = done(first.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(second.put(registration("host2", "run2"), Optional.empty())).isEqualTo(new Outcome.Refused(OWNER));
        assertThat(second.sayGoodbye(goodbye(registration("host2", "run2"), Goodbye.Reason.ENDED)))
                .isEqualTo(new Outcome.Refused(OWNER));
        assertThat(second.read()).isEmpty();
        assertThat(first.read()).containsOnly(Map.entry(WEB, held));
    }

    @Test
    void aSuccessorOnTheSameMachineFindsEverythingAndWritesNothing() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        first.read();
        Held held = done(first.put(registration(OWNER, "run1"), Optional.empty()));
        first.close();
        long before = revision();
        RegistrationStore second = store(OWNER, "m1");
        assertThat(second.read()).containsOnly(Map.entry(WEB, held));
        assertThat(revision()).isEqualTo(before);
        done(second.put(registration(OWNER, "run2"), Optional.of(held)));
        assertThat(revision()).isGreaterThan(before);
    }

    @Test
    void aRunThatItsAgentTookAwayIsKeptFromOtherOwnersAndAnotherRunIsNot() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        Held held = done(first.put(registration(OWNER, "run1"), Optional.empty()));
        Goodbye leaving = goodbye(registration(OWNER, "run1"), Goodbye.Reason.LEAVING);
        assertThat(first.remove(held, leaving)).isInstanceOf(Outcome.Gone.class);
        assertThat(second.put(registration("host2", "run1"), Optional.empty())).isEqualTo(new Outcome.Kept(leaving));
        done(second.put(registration("host2", "run2"), Optional.empty()));
    }

    @Test
    void aRunThatEndedMayBePublishedByAnybody() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        Held held = done(first.put(registration(OWNER, "run1"), Optional.empty()));
        first.remove(held, goodbye(registration(OWNER, "run1"), Goodbye.Reason.ENDED));
        done(second.put(registration("host2", "run1"), Optional.empty()));
    }

    @Test
    void routesAreWrittenWhereTheyDifferAndGoWhenTheyAreNoLongerWanted() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Route one = new Route("a.example.com", "", 0);
        Route other = new Route("", "/api", 0);
        store.announceRoutes(new TreeMap<>(Map.of("web", List.of(one, other), "db", List.of(other))));
        assertThat(routes(OWNER))
                .containsExactly(Map.entry("db", List.of(other)), Map.entry("web", List.of(one, other)));

        long before = revision();
        store.announceRoutes(new TreeMap<>(Map.of("web", List.of(one, other), "db", List.of(other))));
        store.close();
        RegistrationStore successor = store(OWNER, "m1");
        assertThat(successor.read()).isEmpty();
        successor.announceRoutes(new TreeMap<>(Map.of("web", List.of(one, other), "db", List.of(other))));
        assertThat(revision()).as("there is no news").isEqualTo(before);

        successor.announceRoutes(new TreeMap<>(Map.of("web", List.of(one))));
        assertThat(routes(OWNER)).containsExactly(Map.entry("web", List.of(one)));
        assertThat(revision()).isGreaterThan(before);
        successor.announceRoutes(new TreeMap<>());
        assertThat(routes(OWNER)).isEmpty();
    }

    @Test
    void anOwnersRoutesAreNoneOfAnothers() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        Route route = new Route("a.example.com", "", 0);
        first.announceRoutes(new TreeMap<>(Map.of("web", List.of(route))));
        second.announceRoutes(new TreeMap<>(Map.of("web", List.of(route))));
        second.announceRoutes(new TreeMap<>());
        assertThat(routes(OWNER)).containsOnlyKeys("web");
        assertThat(routes("host2")).isEmpty();
    }

    @Test
    void whatIsLeftToAnOwnerWhereItIsThereIsRefusedUntilThenAndNotTakenAway() throws RegistryException {
        RegistrationStore host = store(OWNER, "m1", registration -> Set.of("host1.web"));
        host.read();
        Held before = done(host.put(registration(OWNER, "run1"), Optional.empty()));
        RegistrationStore sidecar = store("host1.web", "m1");
        sidecar.read();
        Held after = done(host.put(registration(OWNER, "run2"), Optional.of(before)));
        host.remove(after, goodbye(registration(OWNER, "run2"), Goodbye.Reason.ENDED));

        assertThat(host.put(registration(OWNER, "run3"), Optional.empty())).isEqualTo(new Outcome.Refused("host1.web"));
        assertThat(host.read()).isEmpty();
        done(sidecar.put(registration("host1.web", "run3"), Optional.empty()));
    }

    @Test
    void whoElseHasPublishedAContainerIsSaid() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        assertThat(second.holder(WEB, "run1")).isEmpty();
        done(first.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(second.holder(WEB, "run1")).contains(OWNER);
        assertThat(second.holder(WEB, "run2")).as("another container").isEmpty();
        assertThat(first.holder(WEB, "run1")).as("its own").isEmpty();
    }
}
