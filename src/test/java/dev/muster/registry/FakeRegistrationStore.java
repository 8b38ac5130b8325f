package dev.muster.registry;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One owner's process before a {@link FakeRegistry}. Every call can be made to fail before it has an effect, or after it: the
 * answer is lost.
 */
public final class FakeRegistrationStore implements RegistrationStore {

    /** What befalls a call. */
    public enum Fault {
        NONE,
        /** It does not reach the registry. */
        NOT_SENT,
        /** It takes effect, and its answer is lost. */
        ANSWER_LOST
    }

    /** What an agent asks of its registry. */
    public enum Call {
        READ,
        PUT,
        REMOVE,
        SAY_GOODBYE,
        ANNOUNCE_ROUTES,
        DESCRIBE
    }

    /** A mistake that the store makes all along, for tests that must notice it. */
    public enum Flaw {
        NONE,
        /** What is replaced or removed is not compared with what was last seen. */
        COMPARES_NO_VERSION,
        /** A withdrawal is not announced. */
        SAYS_NO_GOODBYE,
        /** The lease of another machine's process of that name is adopted too. */
        COMPARES_NO_MACHINE
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Set<String> KEYS = Set.of("port", "owner");

    private final FakeRegistry registry;
    private final String owner;
    private final String machineId;
    private final Duration ttl;
    private final Function<Registration, Set<String>> rivals;
    private final Runnable changed;
    private Function<Call, Fault> faults = call -> Fault.NONE;
    private Optional<Long> lease = Optional.empty();
    private Set<InstanceId> denied = Set.of();
    private Optional<Long> waitingSince = Optional.empty();
    private int writes;
    private Flaw flaw = Flaw.NONE;

    public FakeRegistrationStore(
            FakeRegistry registry,
            String owner,
            String machineId,
            Duration ttl,
            Function<Registration, Set<String>> rivals,
            Runnable changed) {
        this.registry = registry;
        this.owner = owner;
        this.machineId = machineId;
        this.ttl = ttl;
        this.rivals = rivals;
        this.changed = changed;
    }

    /** From now on every call is asked what befalls it. */
    public void faults(Function<Call, Fault> plan) {
        faults = plan;
    }

    /** What befalls the next call of this kind, and none after it. */
    public void failNext(Call which, Fault fault) {
        boolean[] done = {false};
        faults = call -> {
            boolean now = call == which && !done[0];
            done[0] |= now;
            return now ? fault : Fault.NONE;
        };
    }

    /** From now on these may not be written by this user of the registry, and all others may. */
    public void deny(Set<InstanceId> ids) {
        denied = Set.copyOf(ids);
    }

    /** Writes that were asked for, whether they had an effect or not. */
    public int writes() {
        return writes;
    }

    /** From now on it makes this mistake. */
    public void is(Flaw newFlaw) {
        flaw = newFlaw;
    }

    /** The process stands still: nothing renews its lease. */
    public void standStill() {
        lease.ifPresent(registry::leave);
    }

    /** It goes on, and finds out about its lease at the next call. */
    public void goOn() {
        lease = lease.filter(registry::renew);
        if (lease.isEmpty()) {
            changed.run();
        }
    }

    @Override
    public SortedMap<InstanceId, Held> read() throws RegistryException {
        return call(Call.READ, () -> {
            long current = claimed();
            SortedMap<InstanceId, Held> held = new TreeMap<>();
            registry.entries.forEach((id, entry) -> {
                if (entry.lease() == current) {
                    held.put(id, new Held(id, entry.version(), entry.registration(), KEYS));
                }
            });
            return held;
        });
    }

    @Override
    public boolean current() {
        return lease.map(registry::lives).orElse(false);
    }

    @Override
    public Outcome put(Registration registration, Optional<Held> seen) throws RegistryException {
        return write(Call.PUT, () -> {
            InstanceId id = registration.id();
            if (denied.contains(id)) {
                return new Outcome.Denied();
            }
            FakeRegistry.Entry there = registry.entries.get(id);
            Optional<Outcome> refused = seen.isPresent() ? stale(seen.get()) : refused(registration, there);
            if (refused.isPresent()) {
                return refused.get();
            }
            long version = registry.published(owner, lease.orElseThrow(), registration);
            registry.goodbyes.remove(id);
            return new Outcome.Done(new Held(id, version, Optional.of(registration), KEYS));
        });
    }

    @Override
    public Outcome remove(Held held, Goodbye goodbye) throws RegistryException {
        return write(Call.REMOVE, () -> {
            if (denied.contains(held.id())) {
                return new Outcome.Denied();
            }
            Optional<Outcome> stale = stale(held);
            if (stale.isPresent()) {
                return stale.get();
            }
            boolean silent = flaw == Flaw.SAYS_NO_GOODBYE;
            registry.withdrawn(owner, held.id(), silent ? Optional.empty() : Optional.of(goodbye));
            return silent ? new Outcome.Gone() : gone(goodbye);
        });
    }

    @Override
    public Outcome sayGoodbye(Goodbye goodbye) throws RegistryException {
        return write(Call.SAY_GOODBYE, () -> {
            if (denied.contains(goodbye.id())) {
                return new Outcome.Denied();
            }
            FakeRegistry.Entry there = registry.entries.get(goodbye.id());
            return there == null ? gone(goodbye) : new Outcome.Refused(there.owner());
        });
    }

    @Override
    public void announceRoutes(SortedMap<String, List<Route>> routes) throws RegistryException {
        SortedMap<String, List<Route>> wanted = new TreeMap<>(routes);
        wanted.values().removeIf(List::isEmpty);
        if (wanted.equals(registry.routes(owner))) {
            return;
        }
        writes++;
        call(Call.ANNOUNCE_ROUTES, () -> {
            registry.routes.put(owner, new FakeRegistry.Announced(lease.orElseThrow(), wanted));
            return registry.next();
        });
    }

    @Override
    public Optional<String> holder(InstanceId id, String containerId) throws RegistryException {
        return call(Call.READ, () -> {
            FakeRegistry.Entry there = registry.entries.get(id);
            if (there == null
                    || there.owner().equals(owner)
                    || there.registration()
                            .filter(each -> each.instance().run().containerId().equals(containerId))
                            .isEmpty()) {
                return Optional.empty();
            }
            registry.waitFor(id, changed);
            return Optional.of(there.owner());
        });
    }

    @Override
    public void describeEngine(boolean reachable) throws RegistryException {
        FakeRegistry.Claim record = registry.records.get(owner);
        if (record != null && record.engine() != reachable) {
            call(Call.DESCRIBE, () -> {
                registry.records.put(owner, new FakeRegistry.Claim(machineId, record.lease(), reachable));
                return registry.next();
            });
        }
    }

    @Override
    public Optional<Duration> ttl() {
        return lease.flatMap(registry::ttl);
    }

    @Override
    public Optional<Duration> leaseAge() {
        return lease.map(any -> Duration.ZERO);
    }

    @Override
    public void close() {
        standStill();
        lease = Optional.empty();
    }

    private long claimed() throws RegistryException {
        if (lease.isPresent() && registry.lives(lease.get())) {
            return lease.get();
        }
        Optional<FakeRegistry.Claim> record =
                Optional.ofNullable(registry.records.get(owner)).filter(each -> registry.lives(each.lease()));
        if (record.isPresent() && !record.get().machineId().equals(machineId) && flaw != Flaw.COMPARES_NO_MACHINE) {
            throw patience();
        }
        waitingSince = Optional.empty();
        long now = record.map(FakeRegistry.Claim::lease).filter(registry::renew).orElseGet(this::claimAnew);
        lease = Optional.of(now);
        return now;
    }

    private long claimAnew() {
        long granted = registry.grant(ttl);
        registry.records.put(owner, new FakeRegistry.Claim(machineId, granted, false));
        registry.next();
        return granted;
    }

    private RegistryException patience() throws OwnerTakenException {
        waitingSince = waitingSince.or(() -> Optional.of(registry.time.nanos()));
        if (registry.time.elapsed(waitingSince.get()).compareTo(ttl.plus(PATIENCE)) > 0) {
            throw new OwnerTakenException("two machines have the name '" + owner + "'");
        }
        return new RegistryException("owner '" + owner + "' is held by another machine");
    }

    private Optional<Outcome> stale(Held seen) {
        FakeRegistry.Entry there = registry.entries.get(seen.id());
        boolean same = there != null
                && there.version() == seen.version()
                && there.owner().equals(owner);
        return same || flaw == Flaw.COMPARES_NO_VERSION ? Optional.empty() : Optional.of(new Outcome.Stale());
    }

    private Optional<Outcome> refused(Registration wanted, FakeRegistry.@Nullable Entry there) {
        InstanceId id = wanted.id();
        Optional<String> rival =
                rivals.apply(wanted).stream().filter(registry::isThere).findFirst();
        if (rival.isPresent()) {
            registry.waitFor(rival.get(), changed);
            return Optional.of(new Outcome.Refused(rival.get()));
        }
        if (there != null && !there.owner().equals(owner)) {
            registry.waitFor(id, changed);
            return Optional.of(new Outcome.Refused(there.owner()));
        }
        FakeRegistry.Left left = registry.goodbyes.get(id);
        return left != null && left.keeps(owner, wanted)
                ? Optional.of(new Outcome.Kept(left.goodbye()))
                : Optional.empty();
    }

    private Outcome gone(Goodbye goodbye) {
        registry.goodbyes.put(goodbye.id(), new FakeRegistry.Left(registry.next(), goodbye));
        registry.freed(goodbye.id());
        return new Outcome.Gone();
    }

    private interface Effect<T> {
        T happen() throws RegistryException;
    }

    private Outcome write(Call which, Effect<Outcome> effect) throws RegistryException {
        writes++;
        return call(which, () -> {
            if (!current()) {
                changed.run();
                throw new RegistryException(which + ": requested lease not found");
            }
            return effect.happen();
        });
    }

    private <T> T call(Call which, Effect<T> effect) throws RegistryException {
        Fault fault = faults.apply(which);
        if (fault == Fault.NOT_SENT) {
            throw new RegistryException(which + ": the registry cannot be reached");
        }
        T answer = effect.happen();
        if (fault == Fault.ANSWER_LOST) {
            throw new RegistryException(which + ": the registry did not answer");
        }
        return answer;
    }
}
