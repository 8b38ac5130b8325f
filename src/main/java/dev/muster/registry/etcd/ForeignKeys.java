package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import dev.muster.registry.etcd.Layouts.Part;
import io.etcd.jetcd.KeyValue;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that should stand beside an instance's entry and are somebody else's: they are left alone, said once, and waited
 * for. Of a layout, all keys or none are written.
 */
final class ForeignKeys {

    private static final Logger log = LoggerFactory.getLogger(ForeignKeys.class);

    private final FreedNames freedNames;
    private final Set<String> left = new HashSet<>();
    private final Set<String> said = new HashSet<>();
    private final Set<String> taken = new HashSet<>();

    ForeignKeys(FreedNames freedNames) {
        this.freedNames = freedNames;
    }

    /** Before everything is looked at again. */
    void forget() {
        left.clear();
    }

    /** Whether nothing is known that speaks against writing it. */
    boolean isFree(InstanceId id, Part part) {
        String key = part.keys().firstKey();
        part.refusal().ifPresent(why -> say(id, part, key, why));
        return part.refusal().isEmpty() && part.keys().keySet().stream().noneMatch(left::contains);
    }

    /**
     * Whether a part may be written where something stands already.
     *
     * @param found what stands under its keys, and perhaps others
     * @param lease ours
     * @param wasOurs whether the instance was ours before this write
     * @param others keys that other instances of ours hold
     */
    boolean judge(
            InstanceId id, Part part, Map<String, KeyValue> found, long lease, boolean wasOurs, Set<String> others) {
        SortedMap<String, KeyValue> foreign = new TreeMap<>(found);
        foreign.keySet().retainAll(part.keys().keySet());
        foreign.values().removeIf(kv -> kv.getLease() == lease && !others.contains(EtcdKeys.text(kv.getKey())));
        boolean leftover = wasOurs && !part.alias() && foreign.values().stream().allMatch(kv -> kv.getLease() == 0);
        if (foreign.isEmpty() || leftover || saysTheSame(part, foreign)) {
            said.removeAll(part.keys().keySet());
            return true;
        }
        foreign.forEach((key, kv) -> {
            left.add(key);
            freedNames.waitFor(key, kv.getModRevision());
        });
        say(id, part, foreign.firstKey(), "somebody else holds it");
        return false;
    }

    /**
     * Whoever wrote it meant this instance: it is taken over, as from an old script that was stopped. Once: who goes on
     * writing is not fought.
     */
    private boolean saysTheSame(Part part, SortedMap<String, KeyValue> foreign) {
        return foreign.entrySet().stream()
                        .filter(entry -> !entry.getKey().endsWith("/port")) // which many have
                        .anyMatch(entry -> EtcdKeys.text(entry.getValue().getValue())
                                .equals(part.keys().get(entry.getKey())))
                && taken.add(part.keys().firstKey());
    }

    private void say(InstanceId id, Part part, String key, String why) {
        if (said.add(key)) {
            log.warn("{}: its {} {} is not written: {}", id, part.name(), key, why);
        }
    }
}
