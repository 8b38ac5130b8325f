package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.config.LayoutConfig;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.reconcile.Time;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Registrations in one or several layouts, under one lease. The mod revision of the key that names the owner is the version
 * that every write and removal compares; a first write compares that nothing is there.
 */
public final class EtcdRegistrationStore implements RegistrationStore {

    private final EtcdKeys keys;
    private final OwnedLayout layout;
    private final OwnerClaim claim;
    private final Transactions transactions;
    private final LeasedKeys leasedKeys;
    private final FreedNames freedNames;
    private final ForeignKeys foreignKeys;
    private final Contest contest;
    private final EntryWriter writer;
    private final Stocktaking stocktaking;
    private final RouteKeys routeKeys;
    private final GoodbyeLease goodbyeLease;
    private final AtomicBoolean disturbed = new AtomicBoolean();
    private final AtomicBoolean replaced = new AtomicBoolean();
    private Optional<EtcdLease> lease = Optional.empty();

    /**
     * @param rivals owners that keep a first write of a registration away by being there at all: a sidecar, from its
     *     container's host agent
     * @param changed told, on threads of the store's own, that it must be read again: the lease is lost, etcd is another or
     *     an older one, a name or key that somebody else held is free; must return at once
     */
    public EtcdRegistrationStore(
            EtcdConnection connection,
            EtcdKeys keys,
            LayoutConfig config,
            OwnerIdentity identity,
            Duration ttl,
            Time time,
            Function<Registration, Set<String>> rivals,
            Runnable changed) {
        this.keys = keys;
        Runnable disturb = () -> {
            disturbed.set(true);
            changed.run();
        };
        String owner = identity.owner();
        Layouts layouts = new Layouts(keys, config);
        this.layout = layouts.owned();
        this.claim = new OwnerClaim(connection, identity, ttl, time, disturb);
        this.transactions = new Transactions(connection, this::forgetLeases);
        this.leasedKeys = new LeasedKeys(connection, transactions, layout, owner);
        this.freedNames = new FreedNames(connection, changed);
        this.foreignKeys = new ForeignKeys(freedNames);
        this.contest = new Contest(connection, keys, layout, owner, rivals, freedNames);
        this.writer = new EntryWriter(keys, layouts, transactions, contest, foreignKeys);
        this.stocktaking = new Stocktaking(layouts, owner, transactions, contest, writer);
        this.routeKeys = new RouteKeys(keys, owner, transactions);
        this.goodbyeLease = new GoodbyeLease(connection, time);
        connection.onReplaced(why -> {
            replaced.set(true);
            disturb.run();
        });
    }

    @Override
    public SortedMap<InstanceId, Held> read() throws RegistryException {
        disturbed.set(false);
        freedNames.forget();
        foreignKeys.forget();
        if (replaced.getAndSet(false)) {
            forgetLeases();
        }
        EtcdLease current = claimed();
        Optional<LeasedKeys.Found> found = leasedKeys.read(current.id());
        if (found.isEmpty()) { // etcd knew it before we did
            current.gone();
            forgetLeases();
            current = claimed();
            found = leasedKeys.read(current.id());
        }
        CrashPoint.LEASE_READ.reached();
        LeasedKeys.Found stored = found.orElseThrow(() -> new RegistryException("the lease is gone, looking again"));
        claim.confirm(current, stored.agentRecord());
        return stocktaking.take(routeKeys.found(stored.stored()), current.id());
    }

    @Override
    public boolean current() {
        return !disturbed.get() && lease.map(EtcdLease::alive).orElse(false);
    }

    @Override
    public Outcome put(Registration registration, Optional<Held> seen) throws RegistryException {
        return orDenied(() -> writer.write(
                registration,
                seen.map(writer::footing),
                Map.of(),
                lease.orElseThrow().id()));
    }

    @Override
    public Outcome remove(Held held, Goodbye goodbye) throws RegistryException {
        return orDenied(() -> removeAsAllowed(held, goodbye));
    }

    private Outcome removeAsAllowed(Held held, Goodbye goodbye) throws RegistryException {
        InstanceId id = held.id();
        CrashPoint.WITHDRAWING.reached();
        List<Op> operations = new ArrayList<>(writer.removal(held));
        operations.add(sayGoodbyeOp(goodbye));
        writer.leaves(id);
        TxnResponse response =
                transactions.commit("remove " + id, writer.removalConditions(held), operations, List.of());
        CrashPoint.WITHDRAWN.reached();
        return response.isSucceeded() ? gone(id, response) : new Outcome.Stale();
    }

    @Override
    public Outcome sayGoodbye(Goodbye goodbye) throws RegistryException {
        return orDenied(() -> sayGoodbyeAsAllowed(goodbye));
    }

    private Outcome sayGoodbyeAsAllowed(Goodbye goodbye) throws RegistryException {
        InstanceId id = goodbye.id();
        CrashPoint.SAYING_GOODBYE.reached();
        TxnResponse response = transactions.commit(
                "say goodbye to " + id,
                List.of(Transactions.modified(layout.key(id), 0)),
                List.of(sayGoodbyeOp(goodbye)),
                List.of(layout.look(id)));
        CrashPoint.GOODBYE_SAID.reached();
        if (response.isSucceeded()) {
            return gone(id, response);
        }
        String other = contest.ownerIn(id, Transactions.read(response));
        return new Outcome.Refused(other.isEmpty() ? "?" : other);
    }

    @Override
    public void announceRoutes(SortedMap<String, List<Route>> routes) throws RegistryException {
        routeKeys.announce(routes, lease.orElseThrow().id());
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
        freedNames.close();
    }

    private interface Write {
        Outcome run() throws RegistryException;
    }

    /** One instance that a role denies is no reason to leave the others undone. */
    private static Outcome orDenied(Write write) throws RegistryException {
        try {
            return write.run();
        } catch (RegistryException e) {
            if (EtcdErrors.isDenied(e)) {
                return new Outcome.Denied();
            }
            throw e;
        }
    }

    /** A lease that can be relied on, taken now where there is none. */
    private EtcdLease claimed() throws RegistryException {
        if (lease.isEmpty() || !lease.get().alive()) {
            lease.ifPresent(EtcdLease::close);
            lease = Optional.empty();
            writer.forget();
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
            stocktaking.move(found.get().stored(), lease.orElseThrow().id());
        }
    }

    private void forgetLeases() {
        lease.ifPresent(EtcdLease::close);
        lease = Optional.empty();
        goodbyeLease.forget();
    }

    private Op sayGoodbyeOp(Goodbye goodbye) throws RegistryException {
        PutOption option = PutOption.builder().withLeaseId(goodbyeLease.id()).build();
        return Op.put(bytes(keys.gone(goodbye.id())), bytes(GoodbyeJson.encode(goodbye)), option);
    }

    private Outcome gone(InstanceId id, TxnResponse response) {
        writer.gone(id, response.getHeader().getRevision());
        return new Outcome.Gone();
    }
}
