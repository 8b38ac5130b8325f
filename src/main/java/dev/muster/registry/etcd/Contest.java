package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Addresses;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
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
final class Contest {

    private static final Logger log = LoggerFactory.getLogger(Contest.class);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final OwnedLayout layout;
    private final String owner;
    private final Function<Registration, Set<String>> rivals;
    private final FreedNames freedNames;

    /** @param rivals owners whose mere presence keeps a first write away */
    Contest(
            EtcdConnection connection,
            EtcdKeys keys,
            OwnedLayout layout,
            String owner,
            Function<Registration, Set<String>> rivals,
            FreedNames freedNames) {
        this.connection = connection;
        this.keys = keys;
        this.layout = layout;
        this.owner = owner;
        this.rivals = rivals;
        this.freedNames = freedNames;
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
        gets.add(layout.look(id));
        gets.add(Op.get(bytes(keys.gone(id)), GetOption.DEFAULT));
        rivals.apply(wanted).forEach(rival -> gets.add(Op.get(bytes(EtcdKeys.agent(rival)), GetOption.DEFAULT)));
        return gets;
    }

    /** What a first write compares, so that no rival is there. */
    List<Cmp> noRival(Registration wanted) {
        return rivals.apply(wanted).stream()
                .map(rival -> Transactions.modified(EtcdKeys.agent(rival), 0))
                .toList();
    }

    /** Who else has published this container as that instance; it is waited for. */
    Optional<String> holder(InstanceId id, String containerId) throws RegistryException {
        SortedMap<String, KeyValue> found = Transactions.read(connection.call(
                "read " + id,
                client -> client.getKVClient().txn().Then(layout.look(id)).commit()));
        KeyValue holder = found.get(layout.key(id));
        SortedMap<String, String> fields = fields(id, found);
        String other = fields.getOrDefault(FieldsLayout.OWNER, "");
        if (holder == null
                || other.isEmpty()
                || other.equals(owner)
                || !containerId.equals(fields.get(FieldsLayout.CONTAINER_ID))) {
            return Optional.empty();
        }
        freedNames.waitFor(layout.key(id), holder.getModRevision());
        return Optional.of(other);
    }

    /** @param found the evidence, by key */
    Finding judge(Registration wanted, SortedMap<String, KeyValue> found) throws RegistryException {
        InstanceId id = wanted.id();
        for (String rival : rivals.apply(wanted)) {
            KeyValue record = found.get(EtcdKeys.agent(rival));
            if (record != null) {
                freedNames.waitFor(EtcdKeys.agent(rival), record.getModRevision());
                return Finding.ended(new Outcome.Refused(rival));
            }
        }
        KeyValue holder = found.get(layout.key(id));
        String other = ownerIn(id, found);
        if (holder != null && !other.isEmpty()) {
            return held(id, other, holder);
        }
        for (String witness : layout.witnesses(id)) {
            KeyValue stored = found.get(witness);
            if (stored != null) {
                return unowned(wanted, stored, fields(id, found));
            }
        }
        KeyValue gone = found.get(keys.gone(id));
        return gone == null ? new Finding(Optional.empty(), Optional.empty(), 0) : left(wanted, gone);
    }

    /** The owner that an entry names, or empty. */
    String ownerIn(InstanceId id, Map<String, KeyValue> found) {
        return fields(id, found).getOrDefault(FieldsLayout.OWNER, "");
    }

    private SortedMap<String, String> fields(InstanceId id, Map<String, KeyValue> found) {
        Map<String, String> texts = new HashMap<>();
        found.forEach((key, kv) -> texts.put(key, EtcdKeys.text(kv.getValue())));
        return layout.fields(id, texts);
    }

    private Finding held(InstanceId id, String other, KeyValue holder) throws RegistryException {
        boolean nobodys = holder.getLease() == 0 && !isLive(other);
        if (other.equals(owner) || nobodys) {
            log.info("{}: taken over, {}", id, nobodys ? "since its owner '" + other + "' is gone" : "it was ours");
            return take(holder);
        }
        freedNames.waitFor(layout.key(id), holder.getModRevision());
        return Finding.ended(new Outcome.Refused(other));
    }

    /** An entry of the old scripts: ours only if it says that it is at this host, or at our address. */
    private Finding unowned(Registration wanted, KeyValue stored, SortedMap<String, String> fields) {
        String host = fields.getOrDefault("host", "");
        Addresses ours = wanted.instance().addresses();
        boolean sameAddress = isOurs(ours.publicIpv4(), fields.getOrDefault(FieldsLayout.PUBLIC, ""))
                || isOurs(ours.privateIpv4(), fields.getOrDefault(FieldsLayout.PRIVATE, ""));
        boolean scrap = layout.isMustersOwn() && stored.getLease() == 0;
        if (host.equals(wanted.instance().host()) || sameAddress || scrap) {
            log.info("{}: taken over from an entry without owner{}", wanted.id(), scrap ? "" : " at this host");
            return take(stored);
        }
        freedNames.waitFor(EtcdKeys.text(stored.getKey()), stored.getModRevision());
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

    /** Who may not read that takes every other owner for a live one. */
    private boolean isLive(String other) throws RegistryException {
        var key = bytes(EtcdKeys.agent(other));
        try {
            return !connection
                    .call(
                            "read " + EtcdKeys.agent(other),
                            client -> client.getKVClient().get(key))
                    .getKvs()
                    .isEmpty();
        } catch (RegistryException e) {
            if (EtcdErrors.isDenied(e)) {
                return true;
            }
            throw e;
        }
    }

    private static Finding take(KeyValue holder) {
        Cmp unchanged = Transactions.modified(EtcdKeys.text(holder.getKey()), holder.getModRevision());
        return new Finding(Optional.empty(), Optional.of(unchanged), 0);
    }

    private static boolean isOurs(String ours, String theirs) {
        return !ours.isEmpty() && ours.equals(theirs);
    }
}
