package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The catalog as its definition says it, at each revision from all keys anew, slowly and in another way than the fold: what
 * the fold is compared with. It must be shown every state that the fold is shown.
 */
final class ReadByDefinition {

    private record Good(Registration registration, long revision) {}

    /** In which layouts an instance may stand, the one that counts before others of its kind first. */
    private enum Where {
        FIELDS,
        JSON,
        PRESENCE
    }

    private final Map<Where, SortedMap<InstanceId, Good>> good = new TreeMap<>();
    final SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
    final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();
    final SortedMap<InstanceId, Goodbye> goodbyes = new TreeMap<>();
    final SortedMap<String, SortedMap<String, List<Route>>> routes = new TreeMap<>();

    void read(Collection<KeyChange> keys) {
        registrations.clear();
        settings.clear();
        goodbyes.clear();
        routes.clear();
        Map<Where, SortedMap<InstanceId, SortedMap<String, KeyChange>>> instances = new TreeMap<>();
        for (Where where : Where.values()) {
            instances.put(where, new TreeMap<>());
        }
        for (KeyChange key : keys) {
            String[] parts = key.key().split("/", -1);
            String value = String.valueOf(key.value());
            if (parts.length == 4 && JsonLayout.fields(value).isPresent()) {
                InstanceId id = new InstanceId(parts[2], parts[3]);
                JsonLayout.fields(value)
                        .get()
                        .forEach((name, text) -> at(instances, Where.JSON)
                                .computeIfAbsent(id, none -> new TreeMap<>())
                                .put(name, new KeyChange(key.key(), text, key.revision())));
            } else if (parts.length == 4 && value.indexOf('\ufffd') < 0) {
                settings.computeIfAbsent(parts[2], service -> new TreeMap<>()).put(parts[3], value);
            } else if (parts.length == 5 && parts[3].equals("gone")) {
                goodbye(new InstanceId(parts[2], parts[4]), value);
            } else if (parts.length == 5 && parts[3].equals("routes")) {
                routes(parts[2], parts[4], value);
            } else if (parts.length == 6 && PresenceLayout.NAMES.containsKey(parts[5])) {
                at(instances, Where.PRESENCE)
                        .computeIfAbsent(new InstanceId(parts[2], parts[4]), id -> new TreeMap<>())
                        .put(PresenceLayout.NAMES.get(parts[5]), key);
            } else if (parts.length == 5 && Name.isValid(parts[3])) {
                at(instances, Where.FIELDS)
                        .computeIfAbsent(new InstanceId(parts[2], parts[3]), id -> new TreeMap<>())
                        .put(parts[4], key);
            }
        }
        for (Where where : List.of(Where.PRESENCE, Where.JSON, Where.FIELDS)) {
            SortedMap<InstanceId, Good> known = good.computeIfAbsent(where, none -> new TreeMap<>());
            known.keySet().retainAll(at(instances, where).keySet());
            at(instances, where).forEach((id, fields) -> instance(known, id, fields));
        }
        // Whoever is put last counts: those with an owner after those without.
        for (boolean owned : List.of(false, true)) {
            for (Where where : List.of(Where.PRESENCE, Where.JSON, Where.FIELDS)) {
                at(good, where).forEach((id, known) -> {
                    if (known.registration().owner().isEmpty() != owned) {
                        registrations.put(id, known.registration());
                    }
                });
            }
        }
    }

    private static <V> V at(Map<Where, V> all, Where where) {
        return Objects.requireNonNull(all.get(where));
    }

    /** How many instances stand in more than one layout. */
    int inSeveralLayouts() {
        return good.values().stream().mapToInt(known -> known.size()).sum() - registrations.size();
    }

    private void routes(String service, String owner, String value) {
        try {
            List<Route> said = FieldsLayout.routes(value);
            if (!said.isEmpty()) {
                routes.computeIfAbsent(service, none -> new TreeMap<>()).put(owner, said);
            }
        } catch (IllegalArgumentException e) {
            assertThat(value).doesNotContain("example", "/b");
        }
    }

    private void goodbye(InstanceId id, String value) {
        try {
            goodbyes.put(id, GoodbyeJson.decode(id, value));
        } catch (IllegalArgumentException e) {
            goodbyes.remove(id);
        }
    }

    private static void instance(SortedMap<InstanceId, Good> good, InstanceId id, SortedMap<String, KeyChange> fields) {
        KeyChange owner = fields.get("owner");
        Map<String, String> one = new TreeMap<>();
        fields.forEach((name, key) -> {
            if (owner == null || key.revision() == owner.revision()) {
                one.put(name, String.valueOf(key.value()));
            }
        });
        try {
            Registration now = FieldsLayout.decode(id, one);
            good.put(id, new Good(now, owner == null ? Long.MAX_VALUE : owner.revision()));
        } catch (IllegalArgumentException e) {
            Good known = good.get(id);
            if (known != null && !lives(known, fields)) {
                good.remove(id);
            }
        }
    }

    private static boolean lives(Good known, SortedMap<String, KeyChange> fields) {
        if (known.registration().owner().isEmpty()) {
            return false;
        }
        KeyChange owner = fields.get("owner");
        boolean named = owner != null && known.registration().owner().equals(owner.value());
        return named || fields.values().stream().anyMatch(key -> key.revision() == known.revision());
    }
}
