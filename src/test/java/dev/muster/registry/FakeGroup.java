package dev.muster.registry;

import dev.muster.reconcile.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One group's keys in a registry in memory, which several {@link FakeSeat}s share: leases expire by a test's time. */
final class FakeGroup {

    /** @param lease 0 where a person has written it */
    record Key(String watcher, long epoch, long lease, long version) {}

    /** All that the registry has at one time. */
    record Saved(Optional<Key> leader, long lastEpoch, long epochVersion, long revision, Map<Long, Long> deadlines) {}

    final FakeTime time;
    final Duration ttl;
    final WrongElection wrong;
    private Optional<Key> leader = Optional.empty();
    private long lastEpoch;
    private long epochVersion;
    private long revision = 1;
    private final Map<Long, Long> deadlines = new HashMap<>();
    private final List<Runnable> watches = new ArrayList<>();
    private long leases;
    private int generation;

    FakeGroup(FakeTime time, Duration ttl, WrongElection wrong) {
        this.time = time;
        this.ttl = ttl;
        this.wrong = wrong;
    }

    /** Told of each change of the leader's key, as it happens. */
    void watch(Runnable watch) {
        watches.add(watch);
    }

    /** How often its data was replaced. */
    int generation() {
        return generation;
    }

    Optional<Key> leader() {
        expire();
        return leader;
    }

    /** The same, though its lease may have ended and nobody has looked since. */
    Optional<Key> seat() {
        return leader;
    }

    long lastEpoch() {
        return lastEpoch;
    }

    Seat.Standing look() {
        expire();
        return new Seat.Standing(
                leader.filter(key -> key.lease() != 0)
                        .map(key -> new Seat.Occupant(key.watcher(), key.epoch(), key.lease())),
                leader.map(Key::version).orElse(0L),
                lastEpoch,
                epochVersion,
                revision);
    }

    long grant() {
        deadlines.put(++leases, time.nanos() + ttl.toNanos());
        return leases;
    }

    /** @return whether there is such a lease */
    boolean renew(long lease) {
        expire();
        return deadlines.computeIfPresent(lease, (same, before) -> time.nanos() + ttl.toNanos()) != null;
    }

    Optional<Long> take(Seat.Standing seen, String watcher, long epoch, long lease) throws RegistryException {
        expire();
        if (!deadlines.containsKey(lease)) {
            throw new RegistryException("requested lease not found");
        }
        boolean same = leader.map(Key::version).orElse(0L) == seen.version() && epochVersion == seen.epochVersion();
        if (!same && wrong != WrongElection.WITHOUT_COMPARE) {
            return Optional.empty();
        }
        revision++;
        lastEpoch = epoch;
        epochVersion = revision;
        change(Optional.of(new Key(watcher, epoch, lease, revision)));
        return Optional.of(revision);
    }

    void leave(Term term) {
        expire();
        if (leader.map(Key::version).orElse(0L) == term.version() && lastEpoch == term.epoch()) {
            delete();
        }
    }

    /** Also by a person's hand. */
    void delete() {
        if (leader.isPresent()) {
            revision++;
            change(Optional.empty());
        }
    }

    /** By a person's hand, under no lease. */
    void scribble() {
        revision++;
        change(Optional.of(new Key("?", 0, 0, revision)));
    }

    Saved save() {
        expire();
        return new Saved(leader, lastEpoch, epochVersion, revision, Map.copyOf(deadlines));
    }

    /** It has what it had then, and every lease its whole time to live. */
    void restore(Saved saved) {
        generation++;
        lastEpoch = saved.lastEpoch();
        epochVersion = saved.epochVersion();
        revision = saved.revision();
        deadlines.clear();
        saved.deadlines().keySet().forEach(lease -> deadlines.put(lease, time.nanos() + ttl.toNanos()));
        leader = saved.leader();
    }

    void wipe() {
        restore(new Saved(Optional.empty(), 0, 0, 1, Map.of()));
    }

    /** What is past its deadline goes. */
    void expire() {
        deadlines.values().removeIf(deadline -> deadline - time.nanos() <= 0);
        if (leader.filter(key -> key.lease() != 0 && !deadlines.containsKey(key.lease()))
                .isPresent()) {
            delete();
        }
    }

    private void change(Optional<Key> now) {
        leader = now;
        List.copyOf(watches).forEach(Runnable::run);
    }
}
