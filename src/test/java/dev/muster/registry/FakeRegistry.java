package dev.muster.registry;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.reconcile.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registry in memory that several {@link FakeRegistrationStore}s share: entries and goodbyes by revision, and leases that
 * expire by a test's time. Not thread-safe.
 */
public final class FakeRegistry {

    /** @param registration empty where somebody has damaged it */
    record Entry(long version, String owner, long lease, Optional<Registration> registration) {}

    record Left(long version, Goodbye goodbye) {

        /** Whether it keeps this owner from publishing that run. */
        boolean keeps(String owner, Registration wanted) {
            boolean sameRun = goodbye.run().equals(wanted.instance().run());
            return switch (goodbye.reason()) {
                case ENDED -> false;
                case LEAVING -> sameRun && !goodbye.owner().equals(owner);
                case STOPPING, DRAINED -> sameRun;
            };
        }
    }

    /** Sees every change of an instance that an owner makes, as it happens; what expires is nobody's doing. */
    public interface Witness {
        /** @param before whose it was, empty where nothing stood there */
        void published(String by, Optional<String> before, Registration now);

        /**
         * It was withdrawn.
         *
         * @param before whose it was
         * @param what empty where it had been damaged
         */
        void withdrawn(String by, String before, Optional<Registration> what, Optional<Goodbye> goodbye);
    }

    /** Who publishes under a name. */
    record Claim(String machineId, long lease, boolean engine) {}

    /** The routes that an owner's containers give to other services. */
    record Announced(long lease, SortedMap<String, List<Route>> routes) {}

    private record Lease(Duration ttl, Optional<Long> deadline) {}

    final FakeTime time;
    final SortedMap<InstanceId, Entry> entries = new TreeMap<>();
    final SortedMap<InstanceId, Left> goodbyes = new TreeMap<>();
    final Map<String, Claim> records = new HashMap<>();
    final Map<String, Announced> routes = new HashMap<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final Map<InstanceId, List<Runnable>> waiting = new HashMap<>();
    private final Map<String, List<Runnable>> waitingForOwners = new HashMap<>();
    private Optional<Witness> witness = Optional.empty();
    private long revision = 1;
    private long granted;

    public FakeRegistry(FakeTime time) {
        this.time = time;
    }

    /** From now on it sees everything. */
    public void seenBy(Witness newWitness) {
        witness = Optional.of(newWitness);
    }

    /** The newest revision: every change of any key raises it. */
    public long revision() {
        expire();
        return revision;
    }

    /** What a reader sees. */
    public SortedMap<InstanceId, Registration> registrations() {
        expire();
        SortedMap<InstanceId, Registration> seen = new TreeMap<>();
        entries.forEach((id, entry) -> entry.registration().ifPresent(each -> seen.put(id, each)));
        return seen;
    }

    /** The routes that this owner's containers give, by service. */
    public SortedMap<String, List<Route>> routes(String owner) {
        expire();
        Announced announced = routes.get(owner);
        return announced == null ? new TreeMap<>() : announced.routes();
    }

    public Optional<Goodbye> goodbye(InstanceId id) {
        return Optional.ofNullable(goodbyes.get(id)).map(Left::goodbye);
    }

    /** Somebody changes a field by hand, so that what stands there is not what its owner wrote. */
    public void damage(InstanceId id) {
        entries.computeIfPresent(
                id, (same, entry) -> new Entry(entry.version(), entry.owner(), entry.lease(), Optional.empty()));
        next();
    }

    /** Somebody deletes it by hand. */
    public void delete(InstanceId id) {
        if (entries.remove(id) != null) {
            next();
            freed(id);
        }
    }

    /** It is written once more as it stands, as by a call that was given up and arrives late. */
    public void rewrite(InstanceId id) {
        entries.computeIfPresent(
                id, (same, entry) -> new Entry(next(), entry.owner(), entry.lease(), entry.registration()));
    }

    /** All data is lost. */
    public void wipe() {
        leases.clear();
        entries.clear();
        goodbyes.clear();
        records.clear();
        routes.clear();
        revision = 1;
    }

    /** An owner's lease ends as if its time were over. */
    public void endLease(String owner) {
        Claim record = records.remove(owner);
        if (record != null) {
            leases.remove(record.lease());
            sweep();
        }
    }

    /** @return its version */
    long published(String by, long lease, Registration now) {
        Entry entry = new Entry(next(), by, lease, Optional.of(now));
        Entry before = entries.put(now.id(), entry);
        witness.ifPresent(any -> any.published(by, Optional.ofNullable(before).map(Entry::owner), now));
        return entry.version();
    }

    void withdrawn(String by, InstanceId id, Optional<Goodbye> goodbye) {
        Entry before = entries.remove(id);
        if (before != null) {
            witness.ifPresent(any -> any.withdrawn(by, before.owner(), before.registration(), goodbye));
        }
    }

    long next() {
        return ++revision;
    }

    long grant(Duration ttl) {
        leases.put(++granted, new Lease(ttl, Optional.empty()));
        return granted;
    }

    /** Renewed from now on, until {@link #leave}; false when it is gone. */
    boolean renew(long lease) {
        expire();
        return leases.computeIfPresent(lease, (id, old) -> new Lease(old.ttl(), Optional.empty())) != null;
    }

    /** Renewed a last time now. */
    void leave(long lease) {
        leases.computeIfPresent(
                lease,
                (id, old) -> new Lease(
                        old.ttl(), Optional.of(time.nanos() + old.ttl().toNanos())));
    }

    boolean lives(long lease) {
        expire();
        return leases.containsKey(lease);
    }

    Optional<Duration> ttl(long lease) {
        return Optional.ofNullable(leases.get(lease)).map(Lease::ttl);
    }

    void waitFor(InstanceId id, Runnable freed) {
        waiting.computeIfAbsent(id, none -> new ArrayList<>()).add(freed);
    }

    /** Whether an owner's record stands. */
    boolean isThere(String owner) {
        expire();
        return records.containsKey(owner);
    }

    void waitFor(String owner, Runnable freed) {
        waitingForOwners.computeIfAbsent(owner, none -> new ArrayList<>()).add(freed);
    }

    void freed(InstanceId id) {
        List<Runnable> told = waiting.remove(id);
        if (told != null) {
            told.forEach(Runnable::run);
        }
    }

    private void expire() {
        boolean ended = leases.values()
                .removeIf(lease ->
                        lease.deadline().isPresent() && lease.deadline().get() <= time.nanos());
        if (ended) {
            sweep();
        }
    }

    private void sweep() {
        records.values().removeIf(each -> !leases.containsKey(each.lease()));
        routes.values().removeIf(each -> !leases.containsKey(each.lease()));
        List<String> leaving = waitingForOwners.keySet().stream()
                .filter(owner -> !records.containsKey(owner))
                .toList();
        List<InstanceId> gone = new ArrayList<>();
        entries.forEach((id, entry) -> {
            if (!leases.containsKey(entry.lease())) {
                gone.add(id);
            }
        });
        entries.keySet().removeAll(gone);
        next();
        gone.forEach(this::freed);
        leaving.forEach(
                owner -> Objects.requireNonNull(waitingForOwners.remove(owner)).forEach(Runnable::run));
    }
}
