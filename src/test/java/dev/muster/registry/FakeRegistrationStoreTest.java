package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Goodbye;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.reconcile.FakeTime;
import dev.muster.registry.FakeRegistrationStore.Call;
import dev.muster.registry.FakeRegistrationStore.Fault;
import dev.muster.registry.RegistrationStore.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The fake keeps what the port promises, so that what is tested against it holds against etcd. */
class FakeRegistrationStoreTest extends RegistrationStoreContract {

    private static final Duration TTL = Duration.ofSeconds(10);

    private final FakeTime time = new FakeTime();
    private final FakeRegistry registry = new FakeRegistry(time);
    private final AtomicInteger changes = new AtomicInteger();

    @Override
    protected FakeRegistrationStore store(String owner, String machineId) {
        return store(owner, machineId, registration -> Set.of());
    }

    @Override
    protected FakeRegistrationStore store(String owner, String machineId, Function<Registration, Set<String>> rivals) {
        return new FakeRegistrationStore(registry, owner, machineId, TTL, rivals, changes::incrementAndGet);
    }

    @Override
    protected SortedMap<String, List<Route>> routes(String owner) {
        return registry.routes(owner);
    }

    @Override
    protected long revision() {
        return registry.revision();
    }

    @Test
    void whatItsProcessNoLongerRenewsExpiresAndNotBefore() throws RegistryException {
        FakeRegistrationStore store = store(OWNER, "m1");
        store.read();
        done(store.put(registration(OWNER, "run1"), Optional.empty()));
        time.advance(TTL.multipliedBy(5));
        assertThat(registry.registrations()).as("renewed").containsOnlyKeys(WEB);
        store.standStill();
        time.advance(TTL.minusMillis(1));
        assertThat(registry.registrations()).containsOnlyKeys(WEB);
        time.advance(Duration.ofMillis(1));
        assertThat(registry.registrations()).isEmpty();
        assertThat(store.current()).isFalse();
    }

    @Test
    void aCallThatIsNotSentHasNoEffectAndOneWhoseAnswerIsLostHas() throws RegistryException {
        FakeRegistrationStore store = store(OWNER, "m1");
        store.read();
        store.failNext(Call.PUT, Fault.NOT_SENT);
        assertThatThrownBy(() -> store.put(registration(OWNER, "run1"), Optional.empty()))
                .isInstanceOf(RegistryException.class);
        assertThat(registry.registrations()).isEmpty();
        store.failNext(Call.PUT, Fault.ANSWER_LOST);
        assertThatThrownBy(() -> store.put(registration(OWNER, "run1"), Optional.empty()))
                .isInstanceOf(RegistryException.class);
        assertThat(registry.registrations()).containsOnlyKeys(WEB);
    }

    @Test
    void aDamagedEntryIsHeldAndCanBeRepairedOrRemoved() throws RegistryException {
        FakeRegistrationStore store = store(OWNER, "m1");
        store.read();
        done(store.put(registration(OWNER, "run1"), Optional.empty()));
        registry.damage(WEB);
        assertThat(held(store).registration()).isEmpty();
        done(store.put(registration(OWNER, "run1"), Optional.of(held(store))));
        assertThat(held(store).registration()).contains(registration(OWNER, "run1"));
    }

    @Test
    void theLoserIsToldWhenTheNameIsFree() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        done(first.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(second.put(registration("host2", "run2"), Optional.empty())).isEqualTo(new Outcome.Refused(OWNER));
        assertThat(changes).hasValue(0);
        first.remove(held(first), goodbye(registration(OWNER, "run1"), Goodbye.Reason.ENDED));
        assertThat(changes).hasValue(1);
    }

    @Test
    void anotherMachineWaitsForTheNameAndThenGivesUp() throws RegistryException {
        store(OWNER, "m1").read();
        RegistrationStore second = store(OWNER, "m2");
        assertThatThrownBy(second::read).isInstanceOf(RegistryException.class).hasMessageContaining("another machine");
        time.advance(TTL.plusSeconds(6));
        assertThatThrownBy(second::read).isInstanceOf(OwnerTakenException.class);
    }
}
