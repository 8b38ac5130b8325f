package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The catalog as its definition says it, at each revision from all keys anew, slowly and in another way than the fold: what
 * the fold is compared with. It must be shown every state that the fold is shown.
 */
final class ReadByDefinition {

    private record Good(Registration registration, long revision) {}

    private record Said(InstanceId id, Map<String, String> fields) {}

    private static final int MEMORY = 50_000;
    private static final Map<String, String[]> PARTS = new ConcurrentHashMap<>();
    private static final Map<Said, Optional<Registration>> DECODED = new ConcurrentHashMap<>();
    private static final Map<String, Optional<SortedMap<String, String>>> JSON = new ConcurrentHashMap<>();

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

    /** The store went back to an earlier state: revisions mean something else from now on. */
    void forgetRevisions() {
        good.values().forEach(known -> known.replaceAll((id, one) -> new Good(one.registration(), Long.MIN_VALUE)));
    }

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
            String[] parts = remembered(PARTS, key.key(), text -> text.split("/", -1));
            String value = String.valueOf(key.value());
            Optional<SortedMap<String, String>> json = parts.length == 4 ? json(value) : Optional.empty();
            if (json.isPresent()) {
                InstanceId id = new InstanceId(parts[2], parts[3]);
                json.get()
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
        choose(Set.of());
        // What somebody names as an alias is no instance for being a JSON object.
        Set<String> aliases = new HashSet<>();
        registrations.forEach((id, registration) -> registration.instance().aliases().keySet().stream()
                .filter(alias -> !alias.equals("/services/" + id))
                .forEach(aliases::add));
        registrations.clear();
        choose(aliases);
    }

    /** Whoever is put last counts: those with an owner after those without. */
    private void choose(Set<String> aliases) {
        for (boolean owned : List.of(false, true)) {
            for (Where where : List.of(Where.PRESENCE, Where.JSON, Where.FIELDS)) {
                at(good, where).forEach((id, known) -> {
                    boolean isAlias = where == Where.JSON && aliases.contains("/services/" + id);
                    if (known.registration().owner().isEmpty() != owned && !isAlias) {
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
        Optional<Registration> now = decode(new Said(id, one));
        if (now.isPresent()) {
            good.put(id, new Good(now.get(), owner == null ? Long.MAX_VALUE : owner.revision()));
        } else {
            Good known = good.get(id);
            if (known != null && !lives(known, fields)) {
                good.remove(id);
            }
        }
    }

    /** Histories say the same few things again and again. */
    private static Optional<Registration> decode(Said said) {
        return remembered(DECODED, said, one -> {
            try {
                return Optional.of(FieldsLayout.decode(one.id(), one.fields()));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    private static Optional<SortedMap<String, String>> json(String value) {
        return remembered(JSON, value, JsonLayout::fields);
    }

    private static <K, V> V remembered(Map<K, V> memory, K key, Function<K, V> otherwise) {
        if (memory.size() > MEMORY) {
            memory.clear();
        }
        return memory.computeIfAbsent(key, otherwise);
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
