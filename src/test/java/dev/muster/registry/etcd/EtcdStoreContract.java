package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.LayoutConfig;
import dev.muster.config.LayoutConfig.Kind;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.reconcile.Time;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistrationStoreContract;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the store in etcd promises in every layout and in several at once, beyond what every store does. */
abstract class EtcdStoreContract extends RegistrationStoreContract {

    protected static final Duration TTL = Duration.ofSeconds(3);
    private static final AtomicInteger TREES = new AtomicInteger();

    protected static EtcdProcess etcd;

    protected final EtcdKeys keys = new EtcdKeys("/test" + TREES.incrementAndGet() + "/services");
    protected final AtomicInteger changes = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** The layouts that are tried. */
    protected abstract Set<Kind> layouts();

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
        etcd.ctl("del", "--prefix", "/");
    }

    @Override
    protected RegistrationStore store(String owner, String machineId) {
        return store(owner, machineId, TTL, Time.system(), layouts());
    }

    @Override
    protected RegistrationStore store(String owner, String machineId, Function<Registration, Set<String>> rivals) {
        return store(owner, machineId, TTL, Time.system(), layouts(), rivals);
    }

    protected RegistrationStore store(String owner, String machineId, Duration ttl, Time time, Set<Kind> kinds) {
        return store(owner, machineId, ttl, time, kinds, registration -> Set.of());
    }

    private RegistrationStore store(
            String owner,
            String machineId,
            Duration ttl,
            Time time,
            Set<Kind> kinds,
            Function<Registration, Set<String>> rivals) {
        EtcdConnection connection =
                new EtcdConnection(new EtcdConfig(List.of(etcd.endpoint()), keys.prefix(), EtcdConfig.DEFAULT_TIMEOUT));
        opened.add(connection);
        OwnerIdentity identity =
                new OwnerIdentity(owner, "host1", "test", new MachineIdentity(machineId, "boot-" + machineId));
        RegistrationStore store = new EtcdRegistrationStore(
                connection, keys, config(kinds), identity, ttl, time, rivals, changes::incrementAndGet);
        opened.add(store);
        return store;
    }

    private LayoutConfig config(Set<Kind> kinds) {
        String tree = keys.prefix().substring(0, keys.prefix().lastIndexOf('/'));
        return new LayoutConfig(kinds, tree + "/registrator", tree + "/skydns", "skydns.local");
    }

    @Override
    protected long revision() {
        return etcd.revision();
    }

    @Override
    protected SortedMap<String, List<Route>> routes(String owner) {
        SortedMap<String, List<Route>> routes = new TreeMap<>();
        stored(keys.services()).forEach((key, value) -> {
            if (keys.parse(key) instanceof EtcdKeys.Routes(String service, String whose) && whose.equals(owner)) {
                routes.put(service, FieldsLayout.routes(value));
            }
        });
        return routes;
    }

    /** All keys below a prefix and their values. */
    protected static SortedMap<String, String> stored(String prefix) {
        SortedMap<String, String> stored = new TreeMap<>();
        String[] lines = etcd.ctl("get", "--prefix", prefix).split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i += 2) {
            stored.put(lines[i], lines[i + 1]);
        }
        return stored;
    }

    /** All keys but the agents' records and the goodbyes. */
    protected SortedMap<String, String> stored() {
        SortedMap<String, String> stored = stored("/");
        stored.keySet().removeIf(key -> key.startsWith(EtcdKeys.agents()) || key.contains("/gone/"));
        return stored;
    }

    /** What a registration is in these layouts. */
    protected SortedMap<String, String> written(Registration registration, Set<Kind> kinds) {
        Layouts layouts = new Layouts(keys, config(kinds));
        SortedMap<String, String> written = new TreeMap<>(layouts.owned().write(registration));
        layouts.beside(registration).forEach(part -> written.putAll(part.keys()));
        return written;
    }

    protected SortedMap<String, String> written(Registration registration) {
        return written(registration, layouts());
    }

    /** As the agent does after each reading. */
    protected static void bring(RegistrationStore store, Registration wanted) throws RegistryException {
        RegistrationStore.Held held = store.read().get(WEB);
        if (held == null || !held.registration().equals(Optional.of(wanted))) {
            done(store.put(wanted, Optional.ofNullable(held)));
        }
    }

    protected static Registration aliased(Registration registration, Map<String, String> aliases) {
        return new Registration(
                registration.instance().withAliases(aliases),
                registration.owner(),
                registration.state(),
                registration.reason());
    }

    protected String alias(String name) {
        return keys.setting("web", name);
    }

    @Test
    void allOfItIsOneRevisionUnderOneLease() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration wanted = aliased(registration(OWNER, "run1"), Map.of(alias("web_ip"), "10.0.0.1"));
        done(store.put(wanted, Optional.empty()));
        assertThat(stored()).isEqualTo(written(wanted)).containsEntry(alias("web_ip"), "10.0.0.1");
        String said = etcd.ctl("get", "--prefix", "/test", "--write-out=fields");
        assertThat(said.lines().filter(line -> line.startsWith("\"Lease\"")).distinct())
                .hasSize(1)
                .noneMatch(line -> line.endsWith(": 0"));
        assertThat(said.lines()
                        .filter(line -> line.startsWith("\"ModRevision\""))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aRemovalAndItsGoodbyeAreOneRevisionAndLeaveNothing() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration wanted = aliased(registration(OWNER, "run1"), Map.of(alias("web_ip"), "10.0.0.1"));
        var held = done(store.put(wanted, Optional.empty()));
        store.remove(held, goodbye(wanted, Goodbye.Reason.LEAVING)); // brings the goodbyes' lease
        held = done(store.put(wanted, Optional.empty()));
        assertThat(etcd.ctl("get", keys.gone(WEB)))
                .as("publishing takes the goodbye back")
                .isEmpty();
        long before = revision();
        store.remove(held, goodbye(wanted, Goodbye.Reason.ENDED));
        assertThat(revision()).isEqualTo(before + 1);
        assertThat(stored()).isEmpty();
        assertThat(etcd.ctl("get", keys.gone(WEB))).contains("\"reason\":\"ended\"", "\"container_id\":\"run1\"");
    }

    @Test
    void whatIsDownIsSaidOrNotNamed() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration up = registration(OWNER, "run1");
        Registration down = up.withState(InstanceState.DOWN, Registration.REASON_CHECK);
        var held = done(store.put(up, Optional.empty()));
        held = done(store.put(down, Optional.of(held)));
        assertThat(stored()).isEqualTo(written(down)).isNotEqualTo(written(up));
        assertThat(held(store)).isEqualTo(held);
        done(store.put(up, Optional.of(held)));
        assertThat(stored()).isEqualTo(written(up));
    }

    @Test
    void handMadeChangesAreRepaired() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        Registration wanted = registration(OWNER, "run1");
        bring(store, wanted);
        for (String key : written(wanted).keySet()) {
            etcd.put(key, "junk");
            assertThat(stored()).as("before %s is mended", key).isNotEqualTo(written(wanted));
            bring(store, wanted);
            assertThat(stored()).as("%s was junk", key).isEqualTo(written(wanted));
            etcd.ctl("del", key);
            bring(store, wanted);
            assertThat(stored()).as("%s was deleted", key).isEqualTo(written(wanted));
        }
        long before = revision();
        bring(store, wanted);
        assertThat(revision()).as("there is nothing left to mend").isEqualTo(before);
    }

    @Test
    void unknownNeighboursAreUntouched() throws RegistryException {
        Map<String, String> neighbours = new TreeMap<>();
        written(registration(OWNER, "run1")).forEach((key, value) -> {
            neighbours.put(key + "x", value);
            neighbours.put(key + "/below", value);
        });
        neighbours.put(alias("dns_ttl"), "60");
        neighbours.put(keys.services() + "web/instances/7/host", "elsewhere");
        neighbours.put(keys.services() + "web/drain/web01", "{}");
        neighbours.put(EtcdKeys.CLAIMS + "/db/db1", "{}");
        neighbours.forEach((key, value) -> etcd.put(key, value));
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        var held = done(store.put(registration(OWNER, "run1"), Optional.empty()));
        held = done(store.put(registration(OWNER, "run2"), Optional.of(held)));
        assertThat(stored()).hasSizeGreaterThan(neighbours.size()).containsAllEntriesOf(neighbours);
        store.read();
        store.remove(held, goodbye(registration(OWNER, "run2"), Goodbye.Reason.ENDED));
        assertThat(stored()).isEqualTo(neighbours);
    }

    @Test
    void aLayoutIsGivenUpForAnyOtherWithoutAGap() throws RegistryException {
        Registration wanted = registration(OWNER, "run1").withState(InstanceState.DOWN, Registration.REASON_CHECK);
        for (Set<Kind> others : List.of(
                EnumSet.of(Kind.FIELDS),
                EnumSet.of(Kind.JSON),
                EnumSet.of(Kind.PRESENCE),
                EnumSet.of(Kind.REGISTRATOR, Kind.SKYDNS),
                EnumSet.allOf(Kind.class))) {
            RegistrationStore first = store(OWNER, "m1");
            bring(first, wanted);
            first.close();
            long before = revision();
            RegistrationStore second = store(OWNER, "m1", TTL, Time.system(), others);
            assertThat(held(second).registration()).contains(wanted);
            assertThat(stored()).as("from %s to %s", layouts(), others).isEqualTo(written(wanted, others));
            assertThat(revision()).as("one to write, one to tidy").isBetween(before, before + 2);
            long after = revision();
            assertThat(held(second).registration()).contains(wanted);
            assertThat(revision()).as("nothing is left to do").isEqualTo(after);
            second.close();
        }
    }

    @Test
    void anAliasThatSomebodyElseHoldsIsLeftUntilItIsFree() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        etcd.put(alias("web_ip"), "10.9.9.9");
        Registration wanted = aliased(
                registration(OWNER, "run1"), Map.of(alias("web_ip"), "10.0.0.1", alias("other"), "{\"value\": \"1\"}"));
        done(store.put(wanted, Optional.empty()));
        SortedMap<String, String> theirs = written(wanted);
        theirs.put(alias("web_ip"), "10.9.9.9");
        assertThat(stored()).isEqualTo(theirs);
        long before = revision();
        assertThat(held(store).registration()).contains(wanted);
        RegistrationStore successor = store(OWNER, "m1");
        assertThat(held(successor).registration()).contains(wanted);
        assertThat(revision()).as("a stranger's key is no reason to write").isEqualTo(before);

        int told = changes.get();
        etcd.ctl("del", alias("web_ip"));
        await().atMost(Duration.ofSeconds(2)).until(() -> changes.get() > told);
        assertThat(held(successor).registration()).contains(wanted);
        assertThat(stored()).isEqualTo(written(wanted));
    }

    @Test
    void anAliasThatIsNoLongerWantedGoes() throws RegistryException {
        RegistrationStore store = store(OWNER, "m1");
        store.read();
        Registration one = aliased(registration(OWNER, "run1"), Map.of(alias("web_ip"), "10.0.0.1"));
        Registration other = aliased(registration(OWNER, "run1"), Map.of(alias("ip"), "10.0.0.1"));
        var held = done(store.put(one, Optional.empty()));
        done(store.put(other, Optional.of(held)));
        assertThat(stored()).isEqualTo(written(other)).doesNotContainKey(alias("web_ip"));
        etcd.put(alias("ip"), "theirs");
        store.remove(held(store), goodbye(other, Goodbye.Reason.ENDED));
        assertThat(stored()).containsExactly(Map.entry(alias("ip"), "theirs"));
    }

    protected static Set<Kind> kinds(Kind... kinds) {
        return EnumSet.copyOf(Arrays.asList(kinds));
    }
}
