package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.LayoutConfig.Kind;
import dev.muster.model.Goodbye;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.OwnerTakenException;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EtcdRegistrationStoreIT extends EtcdStoreContract {

    @Override
    protected Set<Kind> layouts() {
        return kinds(Kind.FIELDS);
    }

    private RegistrationStore store(String owner, String machineId, Duration ttl) {
        return store(owner, machineId, ttl, Time.system(), layouts());
    }

    /** Sent by a process that is dead by now, and taken by etcd between our reading of the record and our writing of it. */
    @Test
    void aPredecessorsClaimThatArrivesLateIsAdopted() throws RegistryException {
        RegistrationStore predecessor = store("host1", "machine1");
        AtomicInteger arrived = new AtomicInteger();
        Time late = new Time() {
            @Override
            public long nanos() { // asked for before a lease is granted
                if (arrived.getAndIncrement() == 0) {
                    claim(predecessor);
                }
                return Time.system().nanos();
            }

            @Override
            public Instant now() {
                return Time.system().now();
            }
        };
        RegistrationStore successor = store("host1", "machine1", TTL, late, layouts());
        assertThat(successor.read()).isEmpty();
        assertThat(arrived).hasPositiveValue();
        assertThat(successor.current()).isTrue();
    }

    private static void claim(RegistrationStore store) {
        try {
            store.read();
        } catch (RegistryException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void handMadeChangesAreFoundByReadingBack() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        var held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        etcd.put(keys.field(WEB, "port"), "1");
        var found = held(store);
        assertThat(found.registration()).as("it differs from what was written").isEmpty();
        done(store.put(registration(OWNER, "run1"), Optional.of(found)));
        assertThat(held(store).registration()).isEqualTo(held.registration());
    }

    @Test
    void whatIsLeftWithoutItsOwnerFieldIsMendedOrRemoved() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration wanted = registration(OWNER, "run1");
        done(store.put(wanted, Optional.empty()));
        etcd.ctl("del", keys.field(WEB, "owner"));
        assertThat(held(store).registration()).isEmpty();
        done(store.put(wanted, Optional.of(held(store))));
        assertThat(held(store).registration()).contains(wanted);

        etcd.ctl("del", keys.field(WEB, "owner"));
        assertThat(store.remove(held(store), goodbye(wanted, Goodbye.Reason.ENDED)))
                .isInstanceOf(RegistrationStore.Outcome.Gone.class);
        assertThat(etcd.ctl("get", "--prefix", keys.instance(WEB))).isEmpty();

        done(store.put(wanted, Optional.empty()));
        etcd.put(keys.field(WEB, "owner"), "another");
        assertThat(store.read()).as("it is another's now").isEmpty();
    }

    @Test
    void anEntryOfTheOldScriptsIsTakenOnlyAtThisHost() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        etcd.put(keys.field(WEB, "host"), "elsewhere");
        etcd.put(keys.field(WEB, "public_ipv4_addr"), "192.0.2.99");
        etcd.put(keys.field(WEB, "port"), "18001");
        assertThat(store.put(registration(OWNER, "run1"), Optional.empty()))
                .isInstanceOf(RegistrationStore.Outcome.Refused.class);
        etcd.put(keys.field(WEB, "public_ipv4_addr"), "192.0.2.1");
        done(store.put(registration(OWNER, "run1"), Optional.empty()));
    }

    @Test
    void anOwnerWithoutLeaseAndRecordBelongsToNobody() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        etcd.put(keys.field(WEB, "owner"), "long-gone");
        done(store.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(etcd.ctl("get", "--print-value-only", keys.field(WEB, "owner")))
                .isEqualTo(OWNER + "\n");
    }

    @Test
    void theLoserIsToldWhenTheNameIsFree() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        var held = done(first.put(registration(OWNER, "run1"), Optional.empty()));
        second.put(registration("host2", "run2"), Optional.empty());
        int before = changes.get();
        first.remove(held, goodbye(registration(OWNER, "run1"), Goodbye.Reason.ENDED));
        await().atMost(Duration.ofSeconds(1)).until(() -> changes.get() > before);
        done(second.put(registration("host2", "run2"), Optional.empty()));
    }

    @Test
    void theLoserIsNotToldWhileTheNameIsHeld() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1");
        RegistrationStore second = store("host2", "m2");
        first.read();
        second.read();
        done(first.put(registration(OWNER, "run1"), Optional.empty()));
        second.put(registration("host2", "run2"), Optional.empty());
        second.read(); // gives up the wait, which the next refusal begins anew
        second.put(registration("host2", "run2"), Optional.empty());
        await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(3)).until(() -> changes.get() == 0);
    }

    @Test
    void anotherMachineWaitsForTheNameAndThenGivesUp() throws RegistryException {
        store(OWNER, "m1").read();
        RegistrationStore second = store(OWNER, "m2");
        assertThatThrownBy(second::read).isInstanceOf(RegistryException.class).hasMessageContaining("another machine");
        await().atMost(TTL.plusSeconds(10))
                .untilAsserted(() -> assertThatThrownBy(second::read)
                        .isInstanceOf(OwnerTakenException.class)
                        .hasMessageContaining("two machines have the name 'host1'"));
    }

    @Test
    void anotherTimeToLiveIsTakenWithoutAGap() throws RegistryException {
        RegistrationStore first = store(OWNER, "m1", TTL);
        first.read();
        done(first.put(registration(OWNER, "run1"), Optional.empty()));
        first.close();
        RegistrationStore second = store(OWNER, "m1", Duration.ofSeconds(20));
        assertThat(held(second).registration()).contains(registration(OWNER, "run1"));
        assertThat(second.ttl()).contains(Duration.ofSeconds(20));
    }

    /** Those of earlier tests may expire between the list and their turn. */
    private static void revokeAllLeases() {
        for (String each : etcd.ctl("lease", "list").lines().skip(1).toList()) {
            try {
                etcd.ctl("lease", "revoke", each);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("requested lease not found");
            }
        }
    }

    @Test
    void aRevokedLeaseIsNoticedAtItsNextRenewal() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        revokeAllLeases();
        await().atMost(TTL.dividedBy(2)).until(() -> !store.current());
        assertThat(changes).hasPositiveValue();
    }

    @Test
    void aRevokedLeaseIsReplacedAndTheRegistrationsAreToBeWrittenAgain() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration wanted = registration(OWNER, "run1");
        done(store.put(wanted, Optional.empty()));
        revokeAllLeases();
        assertThat(store.read()).as("known at the next reading").isEmpty();
        done(store.put(wanted, Optional.empty()));
        assertThat(store.current()).isTrue();
    }
}
