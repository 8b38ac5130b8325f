package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.RegistrationStore.Held;
import dev.muster.registry.RegistrationStore.Outcome;
import dev.muster.registry.RegistryException;
import dev.muster.registry.etcd.Layouts.Part;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what this owner holds, and puts right what can be put right without knowing what is wanted: entries of a layout
 * given up are written in today's, what is missing beside an entry is written again, and what belongs to nothing goes.
 */
final class Stocktaking {

    private static final Logger log = LoggerFactory.getLogger(Stocktaking.class);

    private final Layouts layouts;
    private final OwnedLayout layout;
    private final String owner;
    private final Transactions transactions;
    private final Contest contest;
    private final EntryWriter writer;
    private final Map<InstanceId, String> said = new HashMap<>();
    private SortedMap<String, FieldsEntry.Value> lastValues = new TreeMap<>();
    private Holdings lastHoldings = new Holdings(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    Stocktaking(Layouts layouts, String owner, Transactions transactions, Contest contest, EntryWriter writer) {
        this.layouts = layouts;
        this.layout = layouts.owned();
        this.owner = owner;
        this.transactions = transactions;
        this.contest = contest;
        this.writer = writer;
    }

    /**
     * All that is held.
     *
     * @param stored all that is under the lease
     */
    SortedMap<InstanceId, Held> take(SortedMap<String, KeyValue> stored, long lease) throws RegistryException {
        Holdings found = holdings(stored);
        Map<InstanceId, Held> before = new HashMap<>(writer.known());
        writer.known().clear();
        found.entries().forEach((id, entry) -> writer.known().put(id, entry.held()));
        SortedMap<InstanceId, Held> held = mended(found, lease);
        said.keySet()
                .removeIf(id ->
                        held.containsKey(id) && held.get(id).registration().isPresent());
        held.putAll(orphans(found, before, held.keySet(), lease));
        writer.known().clear();
        writer.known().putAll(held);
        sweep(found, held, before);
        return held;
    }

    /** Writes the entries that are under another lease of ours under this one, as they are. */
    void move(SortedMap<String, KeyValue> stored, long lease) throws RegistryException {
        for (Holdings.Entry entry : holdings(stored).entries().values()) {
            if (entry.registration().isPresent()) {
                rewrite(entry, entry.registration().get(), new TreeMap<>(), lease);
                CrashPoint.MOVED.reached();
            }
        }
    }

    /** Decodes what is stored, unless it is what was stored the last time: so it is each time, while nothing happens. */
    private Holdings holdings(SortedMap<String, KeyValue> stored) {
        SortedMap<String, FieldsEntry.Value> values = new TreeMap<>();
        stored.forEach(
                (key, kv) -> values.put(key, new FieldsEntry.Value(EtcdKeys.text(kv.getValue()), kv.getModRevision())));
        if (!values.equals(lastValues)) {
            lastHoldings = Holdings.of(layouts, owner, values);
            lastValues = values;
        }
        return lastHoldings;
    }

    private Outcome rewrite(
            Holdings.Entry entry, Registration registration, SortedMap<String, KeyValue> there, long lease)
            throws RegistryException {
        var base = new EntryWriter.Footing(entry.layout().key(entry.id()), entry.version(), entry.keys());
        return writer.write(registration, Optional.of(base), there, lease);
    }

    /** Everything that is as it should be, or could be made so; an entry of today's that could not is held as damaged. */
    private SortedMap<InstanceId, Held> mended(Holdings found, long lease) throws RegistryException {
        Set<String> missing = new TreeSet<>();
        found.entries()
                .values()
                .forEach(entry ->
                        entry.amiss().forEach(part -> missing.addAll(part.keys().keySet())));
        SortedMap<String, KeyValue> there =
                missing.isEmpty() ? new TreeMap<>() : transactions.values("read what is beside", missing);
        SortedMap<InstanceId, Held> held = new TreeMap<>();
        for (Holdings.Entry entry : found.entries().values()) {
            boolean today = entry.layout().equals(layout);
            boolean stays = today;
            for (Part part : entry.amiss()) {
                boolean half = part.keys().keySet().stream()
                        .anyMatch(key -> entry.keys().contains(key));
                stays &= !writer.mayWrite(entry.id(), part, there, lease, true) && !half;
            }
            if (stays) {
                held.put(entry.id(), entry.held());
                if (entry.registration().isEmpty()) {
                    say(entry.id(), entry.damage(), entry.version());
                }
                continue;
            }
            Outcome outcome = rewrite(entry, entry.registration().orElseThrow(), there, lease);
            if (outcome instanceof Outcome.Done(Held now)) {
                log.info("{}: its keys were put right", entry.id());
                held.put(entry.id(), now);
            } else if (today) {
                held.put(entry.id(), new Held(entry.id(), entry.version(), Optional.empty(), entry.keys()));
            }
        }
        return held;
    }

    /** Entries whose owner's key somebody took away or overwrote: the rest is ours to mend, unless it is another's now. */
    private SortedMap<InstanceId, Held> orphans(
            Holdings found, Map<InstanceId, Held> before, Set<InstanceId> held, long lease) throws RegistryException {
        Set<InstanceId> missed = new HashSet<>(found.orphans().keySet());
        missed.addAll(before.keySet());
        missed.removeAll(held);
        SortedMap<InstanceId, Held> mine = new TreeMap<>();
        if (missed.isEmpty()) {
            return mine;
        }
        SortedMap<String, KeyValue> there = transactions.values(
                "read whose it is", missed.stream().map(layout::key).toList());
        for (InstanceId id : missed) {
            Set<String> left = found.orphans().getOrDefault(id, new TreeMap<>()).keySet();
            KeyValue key = there.get(layout.key(id));
            boolean ours = key != null
                    && (key.getLease() == lease || (key.getLease() == 0 && isNobodys(id, key, before.containsKey(id))));
            boolean taken = key != null && !ours;
            if (taken) {
                continue;
            }
            if (before.containsKey(id) || !left.isEmpty()) {
                String whose = key == null ? "it no longer says whose it is" : "it says something else of whose it is";
                say(id, key == null && left.isEmpty() ? "its keys are gone" : whose, 0);
            }
            if (key != null || !left.isEmpty()) {
                mine.put(id, new Held(id, key == null ? 0 : key.getModRevision(), Optional.empty(), left));
            }
        }
        return mine;
    }

    /** Once, however often it has to be found: a repair may be denied. */
    private void say(InstanceId id, String damage, long version) {
        String what = damage + "@" + version;
        if (!what.equals(said.put(id, what))) {
            log.warn("{}: what is stored was changed by somebody ({}), repairing it", id, damage);
        }
    }

    /** What we wrote and somebody overwrote by hand, without a lease and without another's name. */
    private boolean isNobodys(InstanceId id, KeyValue key, boolean wasOurs) {
        String named = contest.ownerIn(id, Map.of(layout.key(id), key));
        return named.equals(owner) || (wasOurs && named.isEmpty());
    }

    /** While an entry cannot be understood, nobody knows what belongs to it; and what may be written again stays till then. */
    private void sweep(Holdings found, SortedMap<InstanceId, Held> held, Map<InstanceId, Held> before)
            throws RegistryException {
        if (held.values().stream().anyMatch(each -> each.registration().isEmpty())) {
            return;
        }
        SortedMap<String, Long> loose = new TreeMap<>(found.loose());
        found.orphans().values().forEach(keys -> loose.putAll(keys));
        held.values().forEach(each -> loose.keySet().removeAll(each.keys()));
        before.forEach((id, each) -> {
            if (!held.containsKey(id)) {
                loose.keySet().removeAll(each.keys());
            }
        });
        List<Map.Entry<String, Long>> all = new ArrayList<>(loose.entrySet());
        for (int from = 0; from < all.size(); from += Transactions.MOST_OPERATIONS) {
            var some = all.subList(from, Math.min(all.size(), from + Transactions.MOST_OPERATIONS));
            List<Cmp> unchanged = some.stream()
                    .map(each -> Transactions.modified(each.getKey(), each.getValue()))
                    .toList();
            List<Op> deletes = some.stream()
                    .map(each -> (Op) Op.delete(bytes(each.getKey()), DeleteOption.DEFAULT))
                    .toList();
            CrashPoint.SWEEPING.reached();
            boolean done = transactions
                    .commit("delete what belongs to nothing", unchanged, deletes, List.of())
                    .isSucceeded();
            CrashPoint.SWEPT.reached();
            log.info("{} keys that belong to no registration {}", some.size(), done ? "deleted" : "changed meanwhile");
        }
    }
}
