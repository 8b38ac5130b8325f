package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.reconcile.Time;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.OwnerTakenException;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to publish under an owner's name: the record {@code /muster/agents/<owner>} under a living lease. The machine's
 * lock has already said that no other process of this machine is the owner, so a record of this machine is a dead
 * predecessor's, and its lease is adopted by renewing it: nothing is written, no watcher wakes.
 */
final class OwnerClaim {

    private static final Logger log = LoggerFactory.getLogger(OwnerClaim.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A predecessor that is dead by now may have sent a write that etcd takes late. */
    private static final int TRIES = 3;

    private final EtcdConnection connection;
    private final String owner;
    private final AgentRecord self;
    private final Duration ttl;
    private final Time time;
    private final Runnable lost;
    private String engine = AgentRecord.UNKNOWN_ENGINE;
    private Optional<Long> waitingSince = Optional.empty();

    OwnerClaim(EtcdConnection connection, OwnerIdentity identity, Duration ttl, Time time, Runnable lost) {
        this.connection = connection;
        this.owner = identity.owner();
        this.self = AgentRecord.of(identity, ttl);
        this.ttl = ttl;
        this.time = time;
        this.lost = lost;
    }

    /**
     * A claim that holds.
     *
     * @param lease living
     * @param former the lease that the predecessor's registrations are under, where it is another than {@code lease}: its
     *     time to live was not the one that is asked for
     */
    record Held(EtcdLease lease, Optional<EtcdLease> former) {}

    /**
     * Takes the name.
     *
     * @throws RegistryException also while another machine holds it and may still let go
     * @throws OwnerTakenException when it did not let go within its time to live and 5 s
     */
    Held take() throws RegistryException {
        for (int tries = 1; ; tries++) {
            try {
                return tryToTake();
            } catch (ChangedMeanwhileException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Held tryToTake() throws RegistryException {
        Optional<KeyValue> stored = stored();
        CrashPoint.OWNER_READ.reached();
        if (stored.isEmpty()) {
            return new Held(claimAnew(0), Optional.empty());
        }
        KeyValue record = stored.get();
        if (record.getLease() == 0) {
            EtcdLease lease = claimAnew(record.getModRevision());
            log.warn("owner '{}': {} was written by hand, its place is taken", owner, EtcdKeys.agent(owner));
            return new Held(lease, Optional.empty());
        }
        AgentRecord predecessor = decode(record);
        if (!predecessor.machineId().equals(self.machineId())) {
            throw patience(predecessor);
        }
        waitingSince = Optional.empty();
        Optional<EtcdLease> adopted = EtcdLease.adopt(connection, predecessor.lease(), time, lost);
        CrashPoint.LEASE_ADOPTED.reached();
        try {
            if (adopted.isEmpty() || predecessor.ttlSeconds() != ttl.toSeconds()) {
                return new Held(claimAnew(record.getModRevision()), adopted);
            }
            return new Held(goOn(adopted.get(), record, predecessor), Optional.empty());
        } catch (RegistryException e) {
            adopted.ifPresent(EtcdLease::close); // the next try renews it again
            throw e;
        }
    }

    private EtcdLease goOn(EtcdLease lease, KeyValue record, AgentRecord predecessor) throws RegistryException {
        engine = predecessor.engine();
        AgentRecord now = self.withLease(lease.id()).withEngine(engine);
        if (!now.equals(predecessor)) {
            write(lease, record.getModRevision(), now);
        }
        log.info(
                "owner '{}': goes on with lease {} of {} s",
                owner,
                Long.toHexString(lease.id()),
                lease.ttl().toSeconds());
        return lease;
    }

    /** Says in the record how the engine is, where that is news; also puts back a record that is gone. */
    void describe(EtcdLease lease, String engineNow) throws RegistryException {
        Optional<KeyValue> stored = engineNow.equals(engine) ? Optional.empty() : stored();
        if (stored.isPresent()) {
            write(
                    lease,
                    stored.get().getModRevision(),
                    self.withLease(lease.id()).withEngine(engineNow));
            engine = engineNow;
        }
    }

    /**
     * Puts back a record that somebody removed or overwrote.
     *
     * @param found what stands under the lease
     */
    void confirm(EtcdLease lease, Optional<String> found) throws RegistryException {
        Optional<AgentRecord> there = found.flatMap(OwnerClaim::understood);
        engine = there.map(AgentRecord::engine).orElse(engine); // an answer that was lost may have been a yes
        AgentRecord wanted = self.withLease(lease.id()).withEngine(engine);
        if (there.filter(wanted::equals).isPresent()) {
            return;
        }
        Optional<KeyValue> stored = stored();
        if (stored.filter(record -> record.getLease() != 0 && record.getLease() != lease.id())
                .isPresent()) {
            AgentRecord other = decode(stored.get());
            if (!other.machineId().equals(self.machineId())) {
                throw patience(other);
            }
        }
        log.warn(
                "owner '{}': its record {} was {} by somebody, putting it back",
                owner,
                EtcdKeys.agent(owner),
                stored.isPresent() ? "overwritten" : "removed");
        write(lease, stored.map(KeyValue::getModRevision).orElse(0L), wanted);
    }

    private EtcdLease claimAnew(long seen) throws RegistryException {
        EtcdLease lease = EtcdLease.grant(connection, ttl, time, lost);
        CrashPoint.LEASE_GRANTED.reached();
        try {
            write(lease, seen, self.withLease(lease.id()).withEngine(engine));
        } catch (RegistryException e) {
            lease.close(); // not ours to keep alive: the next try finds out who has the name
            throw e;
        }
        log.info(
                "owner '{}': new lease {} of {} s",
                owner,
                Long.toHexString(lease.id()),
                lease.ttl().toSeconds());
        return lease;
    }

    private void write(EtcdLease lease, long seen, AgentRecord record) throws RegistryException {
        var key = bytes(EtcdKeys.agent(owner));
        var underLease = PutOption.builder().withLeaseId(lease.id()).build();
        TxnResponse response = connection.call(
                "write " + EtcdKeys.agent(owner),
                client -> client.getKVClient()
                        .txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(seen)))
                        .Then(Op.put(key, bytes(record.encode()), underLease))
                        .commit());
        if (!response.isSucceeded()) {
            throw new ChangedMeanwhileException(EtcdKeys.agent(owner));
        }
        CrashPoint.OWNER_WRITTEN.reached();
    }

    private Optional<KeyValue> stored() throws RegistryException {
        var key = bytes(EtcdKeys.agent(owner));
        List<KeyValue> found = connection
                .call(
                        "read " + EtcdKeys.agent(owner),
                        client -> client.getKVClient().get(key))
                .getKvs();
        return found.stream().findFirst();
    }

    private static Optional<AgentRecord> understood(String text) {
        try {
            return Optional.of(AgentRecord.decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private AgentRecord decode(KeyValue record) throws RegistryException {
        try {
            return AgentRecord.decode(EtcdKeys.text(record.getValue()));
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    "%s is not an agent's record (%s); remove it: etcdctl del %s"
                            .formatted(EtcdKeys.agent(owner), e.getMessage(), EtcdKeys.agent(owner)),
                    e);
        }
    }

    private RegistryException patience(AgentRecord other) throws OwnerTakenException {
        if (waitingSince.isEmpty()) {
            waitingSince = Optional.of(time.nanos());
            log.warn(
                    "owner '{}': held by host '{}', another machine; waiting at most {} s for it to go",
                    owner,
                    other.host(),
                    ttl.plus(PATIENCE).toSeconds());
        }
        if (time.elapsed(waitingSince.get()).compareTo(ttl.plus(PATIENCE)) > 0) {
            throw new OwnerTakenException(
                    "two machines have the name '%s': this one and host '%s' (machine id %s); set --agent-id on one of them"
                            .formatted(owner, other.host(), other.machineId()));
        }
        return new RegistryException("owner '%s' is held by another machine, host '%s'".formatted(owner, other.host()));
    }

    /** Nothing was written, since the record is no longer what was read. */
    private static final class ChangedMeanwhileException extends RegistryException {
        ChangedMeanwhileException(String key) {
            super(key + " changed in between, looking again");
        }
    }
}
