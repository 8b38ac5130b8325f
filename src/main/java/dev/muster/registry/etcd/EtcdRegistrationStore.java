package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Registrations in the layout {@code fields}, under one lease. The {@code owner} field's mod revision is the version that
 * every write and removal compares; a first write compares that nothing is there.
 */
public final class EtcdRegistrationStore implements RegistrationStore {

    private static final int TRIES = 3;

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final Function<Registration, Set<String>> rivals;
    private final OwnerClaim claim;
    private final LeasedKeys leasedKeys;
    private final Contest contest;
    private final GoodbyeLease goodbyeLease;
    private final AtomicBoolean disturbed = new AtomicBoolean();
    private final AtomicBoolean replaced = new AtomicBoolean();
    private final Map<InstanceId, Long> goodbyesSeen = new HashMap<>();
    private Optional<EtcdLease> lease = Optional.empty();

    /**
     * @param rivals owners that keep a first write of a registration away by being there at all: a sidecar, from its
     *     container's host agent
     * @param changed told, on threads of the store's own, that it must be read again: the lease is lost, etcd is another or
     *     an older one, a name that another owner held is free; must return at once
     */
    public EtcdRegistrationStore(
            EtcdConnection connection,
            EtcdKeys keys,
            OwnerIdentity identity,
            Duration ttl,
            Time time,
            Function<Registration, Set<String>> rivals,
            Runnable changed) {
        this.connection = connection;
        this.keys = keys;
        this.rivals = rivals;
        Runnable disturb = () -> {
            disturbed.set(true);
            changed.run();
        };
        this.claim = new OwnerClaim(connection, identity, ttl, time, disturb);
        this.leasedKeys = new LeasedKeys(connection, keys, identity.owner());
        this.contest = new Contest(connection, keys, identity.owner(), rivals, changed);
        this.goodbyeLease = new GoodbyeLease(connection, time);
        connection.onReplaced(why -> {
            replaced.set(true);
            disturb.run();
        });
    }

    @Override
    public SortedMap<InstanceId, Held> read() throws RegistryException {
        disturbed.set(false);
        contest.forget();
        if (replaced.getAndSet(false)) {
            forgetLeases();
        }
        EtcdLease current = claimed();
        Optional<LeasedKeys.Found> found = leasedKeys.read(current.id());
        if (found.isEmpty()) { // etcd knew it before we did
            forgetLeases();
            current = claimed();
            found = leasedKeys.read(current.id());
        }
        LeasedKeys.Found stored = found.orElseThrow(() -> new RegistryException("the lease is gone, looking again"));
        if (!stored.agentRecord()) {
            claim.restore(current);
        }
        return stored.held();
    }

    @Override
    public boolean current() {
        return !disturbed.get() && lease.map(EtcdLease::alive).orElse(false);
    }

    @Override
    public Outcome put(Registration registration, Optional<Held> seen) throws RegistryException {
        InstanceId id = registration.id();
        Optional<Cmp> version = seen.map(held -> ownerIs(id, held.version()));
        for (int tries = 0; tries < TRIES; tries++) {
            TxnResponse response = tryPut(registration, version, seen.isPresent(), seen.isPresent() || tries > 0);
            if (response.isSucceeded()) {
                goodbyesSeen.remove(id);
                long revision = response.getHeader().getRevision();
                return new Outcome.Done(new Held(
                        id,
                        revision,
                        Optional.of(registration),
                        FieldsLayout.encode(registration).keySet()));
            }
            Contest.Finding finding = contest.judge(registration, seen, entries(response));
            if (finding.outcome().isPresent()) {
                return finding.outcome().get();
            }
            version = finding.takeBy();
            goodbyesSeen.put(id, finding.goodbyeRevision());
        }
        return new Outcome.Stale();
    }

    @Override
    public Outcome remove(Held held, Goodbye goodbye) throws RegistryException {
        InstanceId id = held.id();
        List<Op> ops = new ArrayList<>(deletes(id, held.fields(), Set.of()));
        ops.add(sayGoodbyeOp(goodbye));
        TxnResponse response = commit("remove " + id, List.of(ownerIs(id, held.version())), ops, List.of());
        return response.isSucceeded() ? gone(id, response) : new Outcome.Stale();
    }

    @Override
    public Outcome sayGoodbye(Goodbye goodbye) throws RegistryException {
        InstanceId id = goodbye.id();
        TxnResponse response = commit(
                "say goodbye to " + id,
                List.of(ownerIs(id, 0)),
                List.of(sayGoodbyeOp(goodbye)),
                List.of(Op.get(bytes(keys.field(id, FieldsLayout.OWNER)), GetOption.DEFAULT)));
        if (response.isSucceeded()) {
            return gone(id, response);
        }
        return new Outcome.Refused(Contest.ownerIn(entries(response)).orElse("?"));
    }

    @Override
    public Optional<String> holder(InstanceId id, String containerId) throws RegistryException {
        return contest.holder(id, containerId);
    }

    @Override
    public void describeEngine(boolean reachable) throws RegistryException {
        if (lease.isPresent() && lease.get().alive()) {
            claim.describe(lease.get(), reachable ? "reachable" : "unreachable");
        }
    }

    @Override
    public Optional<Duration> ttl() {
        return lease.map(EtcdLease::ttl);
    }

    @Override
    public Optional<Duration> leaseAge() {
        return lease.map(EtcdLease::age);
    }

    @Override
    public void close() {
        lease.ifPresent(EtcdLease::close);
        contest.close();
    }

    /** A lease that can be relied on, taken now where there is none. */
    private EtcdLease claimed() throws RegistryException {
        if (lease.isEmpty() || !lease.get().alive()) {
            lease.ifPresent(EtcdLease::close);
            lease = Optional.empty();
            goodbyesSeen.clear();
            OwnerClaim.Held taken = claim.take();
            lease = Optional.of(taken.lease());
            if (taken.former().isPresent()) {
                move(taken.former().get());
            }
        }
        return lease.get();
    }

    /** The registrations of a predecessor whose lease had another time to live come under the new one, otherwise as they are. */
    private void move(EtcdLease former) throws RegistryException {
        former.close();
        Optional<LeasedKeys.Found> found = leasedKeys.read(former.id());
        if (found.isPresent()) {
            for (Held held : found.get().held().values()) {
                if (held.registration().isPresent()) {
                    put(held.registration().get(), Optional.of(held));
                }
            }
        }
    }

    private void forgetLeases() {
        lease.ifPresent(EtcdLease::close);
        lease = Optional.empty();
        goodbyeLease.forget();
    }

    private TxnResponse tryPut(Registration registration, Optional<Cmp> version, boolean ours, boolean replaces)
            throws RegistryException {
        InstanceId id = registration.id();
        SortedMap<String, String> fields = FieldsLayout.encode(registration);
        List<Cmp> conditions = new ArrayList<>();
        if (version.isPresent()) {
            conditions.add(version.get());
        } else {
            conditions.add(ownerIs(id, 0));
            conditions.add(modified(keys.field(id, FieldsLayout.PORT), 0));
            conditions.add(modified(keys.gone(id), goodbyesSeen.getOrDefault(id, 0L)));
        }
        if (!ours) {
            rivals.apply(registration).forEach(rival -> conditions.add(modified(EtcdKeys.agent(rival), 0)));
        }
        PutOption underLease =
                PutOption.builder().withLeaseId(lease.orElseThrow().id()).build();
        List<Op> ops = new ArrayList<>();
        fields.forEach((field, value) -> ops.add(Op.put(bytes(keys.field(id, field)), bytes(value), underLease)));
        if (replaces) {
            ops.addAll(deletes(id, Set.of(), fields.keySet()));
        }
        ops.add(Op.delete(bytes(keys.gone(id)), DeleteOption.DEFAULT));
        return commit("publish " + id, conditions, ops, contest.evidence(registration));
    }

    /** All that may stand there of an entry that is ours, by name, but for what is put in the same transaction. */
    private List<Op> deletes(InstanceId id, Set<String> stored, Set<String> put) {
        Set<String> names = new TreeSet<>(FieldsLayout.NAMES);
        names.addAll(stored);
        names.removeAll(put);
        return names.stream()
                .map(name -> (Op) Op.delete(bytes(keys.field(id, name)), DeleteOption.DEFAULT))
                .toList();
    }

    private Op sayGoodbyeOp(Goodbye goodbye) throws RegistryException {
        PutOption option = PutOption.builder().withLeaseId(goodbyeLease.id()).build();
        return Op.put(bytes(keys.gone(goodbye.id())), bytes(GoodbyeJson.encode(goodbye)), option);
    }

    private Outcome gone(InstanceId id, TxnResponse response) {
        goodbyesSeen.put(id, response.getHeader().getRevision());
        return new Outcome.Gone();
    }

    private TxnResponse commit(String what, List<Cmp> conditions, List<Op> then, List<Op> otherwise)
            throws RegistryException {
        try {
            return connection.call(
                    what,
                    client -> client.getKVClient()
                            .txn()
                            .If(conditions.toArray(Cmp[]::new))
                            .Then(then.toArray(Op[]::new))
                            .Else(otherwise.toArray(Op[]::new))
                            .commit());
        } catch (RegistryException e) {
            if (EtcdLease.isNotFound(e)) {
                forgetLeases();
            }
            throw e;
        }
    }

    private Cmp ownerIs(InstanceId id, long revision) {
        return modified(keys.field(id, FieldsLayout.OWNER), revision);
    }

    static Cmp modified(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    private static SortedMap<String, KeyValue> entries(TxnResponse response) {
        SortedMap<String, KeyValue> entries = new TreeMap<>();
        response.getGetResponses()
                .forEach(get -> get.getKvs().forEach(kv -> entries.put(EtcdKeys.text(kv.getKey()), kv)));
        return entries;
    }
}
