package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.model.Goodbye;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.OwnerTakenException;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistrationStoreContract;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EtcdRegistrationStoreIT extends RegistrationStoreContract {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final AtomicInteger TREES = new AtomicInteger();

    private static EtcdProcess etcd;

    private final EtcdKeys keys = new EtcdKeys("/test" + TREES.incrementAndGet());
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        etcd.ctl("del", "--prefix", "/muster/");
    }

    @Override
    protected RegistrationStore store(String owner, String machineId) {
        return store(owner, machineId, TTL);
    }

    private RegistrationStore store(String owner, String machineId, Duration ttl) {
        return store(owner, machineId, ttl, Time.system());
    }

    @Override
    protected RegistrationStore store(String owner, String machineId, Function<Registration, Set<String>> rivals) {
        return store(owner, machineId, TTL, Time.system(), rivals);
    }

    private RegistrationStore store(String owner, String machineId, Duration ttl, Time time) {
        return store(owner, machineId, ttl, time, registration -> Set.of());
    }

    private RegistrationStore store(
            String owner, String machineId, Duration ttl, Time time, Function<Registration, Set<String>> rivals) {
        EtcdConnection connection =
                new EtcdConnection(new EtcdConfig(List.of(etcd.endpoint()), keys.prefix(), EtcdConfig.DEFAULT_TIMEOUT));
        opened.add(connection);
        OwnerIdentity identity =
                new OwnerIdentity(owner, "host1", "test", new MachineIdentity(machineId, "boot-" + machineId));
        RegistrationStore store =
                new EtcdRegistrationStore(connection, keys, identity, ttl, time, rivals, changes::incrementAndGet);
        opened.add(store);
        return store;
    }

    @Override
    protected long revision() {
        return etcd.revision();
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
        RegistrationStore successor = store("host1", "machine1", TTL, late);
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
    void everyFieldIsUnderTheLeaseAndCarriesOneRevision() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        done(store.put(registration(OWNER, "run1"), Optional.empty()));
        String said = etcd.ctl("get", "--prefix", keys.instance(WEB), "--write-out=fields");
        assertThat(said.lines().filter(line -> line.startsWith("\"Lease\"")).distinct())
                .hasSize(1)
                .noneMatch(line -> line.endsWith(": 0"));
        assertThat(said.lines()
                        .filter(line -> line.startsWith("\"ModRevision\""))
                        .distinct())
                .hasSize(1);
        assertThat(said.lines().filter(line -> line.startsWith("\"Key\""))).hasSizeGreaterThan(9);
    }

    @Test
    void aRemovalAndItsGoodbyeAreOneRevision() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        var held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        store.remove(held, goodbye(registration(OWNER, "run1"), Goodbye.Reason.LEAVING)); // brings the goodbyes' lease
        held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        assertThat(etcd.ctl("get", keys.gone(WEB)))
                .as("publishing takes the goodbye back")
                .isEmpty();
        long before = revision();
        store.remove(held, goodbye(registration(OWNER, "run1"), Goodbye.Reason.ENDED));
        assertThat(revision()).isEqualTo(before + 1);
        assertThat(etcd.ctl("get", "--prefix", keys.instance(WEB))).isEmpty();
        assertThat(etcd.ctl("get", keys.gone(WEB))).contains("\"reason\":\"ended\"", "\"container_id\":\"run1\"");
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

    @Test
    void aRevokedLeaseIsNoticedAtItsNextRenewal() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        for (String each : etcd.ctl("lease", "list").lines().skip(1).toList()) {
            etcd.ctl("lease", "revoke", each);
        }
        await().atMost(TTL.dividedBy(2)).until(() -> !store.current());
        assertThat(changes).hasPositiveValue();
    }

    @Test
    void aRevokedLeaseIsReplacedAndTheRegistrationsAreToBeWrittenAgain() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration wanted = registration(OWNER, "run1");
        done(store.put(wanted, Optional.empty()));
        for (String each : etcd.ctl("lease", "list").lines().skip(1).toList()) {
            etcd.ctl("lease", "revoke", each);
        }
        assertThat(store.read()).as("known at the next reading").isEmpty();
        done(store.put(wanted, Optional.empty()));
        assertThat(store.current()).isTrue();
    }
}
