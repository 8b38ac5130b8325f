package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Addresses;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose an entry is, when a first write or a newer version was refused. */
final class Contest implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Contest.class);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final String owner;
    private final Function<Registration, Set<String>> rivals;
    private final FreedNames freedNames;

    /** @param rivals owners whose mere presence keeps a first write away */
    Contest(
            EtcdConnection connection,
            EtcdKeys keys,
            String owner,
            Function<Registration, Set<String>> rivals,
            Runnable freed) {
        this.connection = connection;
        this.keys = keys;
        this.owner = owner;
        this.rivals = rivals;
        this.freedNames = new FreedNames(connection, freed);
    }

    /**
     * What follows from a refusal.
     *
     * @param outcome how the write ends; empty when it is to be tried again
     * @param takeBy the version to take it by, empty for a first write
     * @param goodbyeRevision of the goodbye that was seen and keeps nobody, 0 where there is none
     */
    record Finding(Optional<Outcome> outcome, Optional<Cmp> takeBy, long goodbyeRevision) {
        static Finding ended(Outcome outcome) {
            return new Finding(Optional.of(outcome), Optional.empty(), 0);
        }
    }

    /** What to read in the refused transaction itself. */
    List<Op> evidence(Registration wanted) {
        InstanceId id = wanted.id();
        List<Op> gets = new ArrayList<>();
        gets.add(Op.get(
                bytes(keys.instance(id)), GetOption.builder().isPrefix(true).build()));
        gets.add(Op.get(bytes(keys.gone(id)), GetOption.DEFAULT));
        rivals.apply(wanted).forEach(rival -> gets.add(Op.get(bytes(EtcdKeys.agent(rival)), GetOption.DEFAULT)));
        return gets;
    }

    /** Who else has published this container as that instance; it is waited for. */
    Optional<String> holder(InstanceId id, String containerId) throws RegistryException {
        Map<String, KeyValue> found = new HashMap<>();
        connection
                .call(
                        "read " + id,
                        client -> client.getKVClient()
                                .get(
                                        bytes(keys.instance(id)),
                                        GetOption.builder().isPrefix(true).build()))
                .getKvs()
                .forEach(kv -> found.put(EtcdKeys.text(kv.getKey()), kv));
        KeyValue holder = found.get(keys.field(id, FieldsLayout.OWNER));
        if (holder == null
                || !value(found, keys.field(id, FieldsLayout.CONTAINER_ID)).equals(containerId)) {
            return Optional.empty();
        }
        String other = EtcdKeys.text(holder.getValue());
        if (other.equals(owner)) {
            return Optional.empty();
        }
        freedNames.waitFor(keys.field(id, FieldsLayout.OWNER), holder.getModRevision());
        return Optional.of(other);
    }

    /** @param found the evidence, by key */
    Finding judge(Registration wanted, Optional<Held> seen, SortedMap<String, KeyValue> found)
            throws RegistryException {
        InstanceId id = wanted.id();
        KeyValue holder = found.get(keys.field(id, FieldsLayout.OWNER));
        if (seen.isPresent()) {
            return Finding.ended(new Outcome.Stale());
        }
        for (String rival : rivals.apply(wanted)) {
            KeyValue record = found.get(EtcdKeys.agent(rival));
            if (record != null) {
                freedNames.waitFor(EtcdKeys.agent(rival), record.getModRevision());
                return Finding.ended(new Outcome.Refused(rival));
            }
        }
        if (holder != null) {
            return held(id, holder);
        }
        KeyValue port = found.get(keys.field(id, FieldsLayout.PORT));
        if (port != null) {
            return unowned(wanted, port, found);
        }
        KeyValue gone = found.get(keys.gone(id));
        return gone == null ? new Finding(Optional.empty(), Optional.empty(), 0) : left(wanted, gone);
    }

    /** Stops waiting for names: everything will be tried again. */
    void forget() {
        freedNames.forget();
    }

    @Override
    public void close() {
        freedNames.close();
    }

    static Optional<String> ownerIn(SortedMap<String, KeyValue> found) {
        return found.values().stream().map(kv -> EtcdKeys.text(kv.getValue())).findFirst();
    }

    private Finding held(InstanceId id, KeyValue holder) throws RegistryException {
        String other = EtcdKeys.text(holder.getValue());
        boolean nobodys = holder.getLease() == 0 && !isLive(other);
        if (other.equals(owner) || nobodys) {
            log.info("{}: taken over, {}", id, nobodys ? "since its owner '" + other + "' is gone" : "it was ours");
            return take(keys.field(id, FieldsLayout.OWNER), holder);
        }
        freedNames.waitFor(keys.field(id, FieldsLayout.OWNER), holder.getModRevision());
        return Finding.ended(new Outcome.Refused(other));
    }

    /** An entry of the old scripts: ours only if it says that it is at this host, or at our address. */
    private Finding unowned(Registration wanted, KeyValue port, SortedMap<String, KeyValue> found) {
        InstanceId id = wanted.id();
        String host = value(found, keys.field(id, "host"));
        Addresses ours = wanted.instance().addresses();
        boolean sameAddress = isOurs(ours.publicIpv4(), value(found, keys.field(id, FieldsLayout.PUBLIC)))
                || isOurs(ours.privateIpv4(), value(found, keys.field(id, FieldsLayout.PRIVATE)));
        if (host.equals(wanted.instance().host()) || sameAddress) {
            log.info("{}: taken over from an entry without owner at this host", id);
            return take(keys.field(id, FieldsLayout.PORT), port);
        }
        freedNames.waitFor(keys.field(id, FieldsLayout.PORT), port.getModRevision());
        return Finding.ended(new Outcome.Refused("an entry without owner, of host '" + host + "'"));
    }

    private Finding left(Registration wanted, KeyValue gone) {
        try {
            Goodbye goodbye = GoodbyeJson.decode(wanted.id(), EtcdKeys.text(gone.getValue()));
            if (keeps(goodbye, wanted)) {
                return Finding.ended(new Outcome.Kept(goodbye));
            }
        } catch (IllegalArgumentException e) {
            log.warn("{} is not a goodbye: {}", EtcdKeys.text(gone.getKey()), e.getMessage());
        }
        return new Finding(Optional.empty(), Optional.empty(), gone.getModRevision());
    }

    private boolean keeps(Goodbye goodbye, Registration wanted) {
        boolean sameRun = goodbye.run().equals(wanted.instance().run());
        return switch (goodbye.reason()) {
            case ENDED -> false;
            case LEAVING -> sameRun && !goodbye.owner().equals(owner);
            case STOPPING, DRAINED -> sameRun;
        };
    }

    private boolean isLive(String other) throws RegistryException {
        var key = bytes(EtcdKeys.agent(other));
        return !connection
                .call(
                        "read " + EtcdKeys.agent(other),
                        client -> client.getKVClient().get(key))
                .getKvs()
                .isEmpty();
    }

    private static Finding take(String key, KeyValue holder) {
        return new Finding(
                Optional.empty(), Optional.of(EtcdRegistrationStore.modified(key, holder.getModRevision())), 0);
    }

    private static boolean isOurs(String ours, String theirs) {
        return !ours.isEmpty() && ours.equals(theirs);
    }

    private static String value(Map<String, KeyValue> found, String key) {
        KeyValue kv = found.get(key);
        return kv == null ? "" : EtcdKeys.text(kv.getValue());
    }
}
