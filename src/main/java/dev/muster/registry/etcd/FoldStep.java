package dev.muster.registry.etcd;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.PersistentMap;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One step of a {@link CatalogFold} under way: used once, by one thread. */
final class FoldStep {

    private final EtcdKeys keys;
    private final Map<String, Integer> ports;
    private final PersistentMap<InstanceId, StoredInstance> earlier;
    private final boolean sameHistory;
    private PersistentMap<InstanceId, StoredInstance> entries;
    private PersistentMap<InstanceId, Integer> aliases;
    private PersistentMap<InstanceId, Registration> registrations;
    private PersistentMap<String, SortedMap<String, String>> settings;
    private PersistentMap<InstanceId, Goodbye> goodbyes;
    private PersistentMap<String, Long> changedAt;
    private PersistentMap<String, String> rejected;
    private PersistentMap<String, SortedMap<String, List<Route>>> routes;
    private final Map<InstanceId, StoredInstance.Touched> touched = new HashMap<>();
    private final Map<InstanceId, Long> aliased = new HashMap<>();
    private @Nullable InstanceId last;

    /**
     * @param ports see {@link StoredInstance#of}
     * @param from what the changes are applied to
     * @param earlier where an entry that is bad finds what was good
     * @param sameHistory whether revisions in {@code earlier} can be compared
     */
    FoldStep(
            EtcdKeys keys,
            Map<String, Integer> ports,
            CatalogFold.Maps from,
            PersistentMap<InstanceId, StoredInstance> earlier,
            boolean sameHistory) {
        this.keys = keys;
        this.ports = ports;
        this.earlier = earlier;
        this.sameHistory = sameHistory;
        this.entries = from.entries();
        this.aliases = from.aliases();
        this.registrations = from.registrations();
        this.settings = from.settings();
        this.goodbyes = from.goodbyes();
        this.changedAt = from.changedAt();
        this.rejected = from.rejected();
        this.routes = from.routes();
    }

    FoldStep apply(Collection<KeyChange> changes) {
        for (KeyChange change : changes) {
            switch (keys.parse(change.key())) {
                case EtcdKeys.Field place -> field(place, change);
                case EtcdKeys.Setting place -> setting(place, change);
                case EtcdKeys.Gone place -> goodbye(place, change);
                case EtcdKeys.Present place -> present(place, change);
                case EtcdKeys.Routes place -> routes(place, change);
                case EtcdKeys.Beside _ -> {}
                case EtcdKeys.Stray() -> report(change, "this key has no meaning in any layout");
            }
        }
        // Only now: an entry is judged by all that one revision did to it. What the next page of a read adds to one is
        // judged anew.
        touched.forEach(this::entry);
        touched.forEach((id, stored) -> meaning(id, stored.before, stored.revision));
        aliased.forEach((id, revision) -> meaning(id, entries.getOrDefault(id, StoredInstance.NONE), revision));
        touched.clear();
        aliased.clear();
        return this;
    }

    CatalogFold.Maps end() {
        return new CatalogFold.Maps(entries, aliases, registrations, settings, goodbyes, changedAt, rejected, routes);
    }

    /** Services that differ from an older state changed at some revision up to this read's, deletions included. */
    void changedSince(CatalogFold.Maps old, long revision) {
        Set<String> different = new HashSet<>();
        different(old.registrations(), registrations, InstanceId::service, different);
        different(old.goodbyes(), goodbyes, InstanceId::service, different);
        different(old.settings(), settings, service -> service, different);
        different(old.routes(), routes, service -> service, different);
        old.changedAt().forEach(this::changed);
        different.forEach(service -> changed(service, revision));
    }

    private static <K, V> void different(Map<K, V> old, Map<K, V> now, Function<K, String> service, Set<String> found) {
        old.forEach((key, value) -> {
            if (!value.equals(now.get(key))) {
                found.add(service.apply(key));
            }
        });
        now.keySet().forEach(key -> {
            if (!old.containsKey(key)) {
                found.add(service.apply(key));
            }
        });
    }

    private void field(EtcdKeys.Field place, KeyChange change) {
        InstanceId id = id(place.service(), place.instance(), change);
        if (id != null) {
            StoredInstance.Touched stored = touch(id, change.revision());
            change(stored.fields, place.field(), change);
        }
    }

    private void present(EtcdKeys.Present place, KeyChange change) {
        InstanceId id = id(place.service(), place.instance(), change);
        String field = PresenceLayout.NAMES.get(place.field());
        if (id != null && field != null) {
            StoredInstance.Touched stored = touch(id, change.revision());
            change(stored.presence, field, change);
        }
    }

    /** Whether a key of three levels is an instance; what it says else is a setting. */
    private boolean json(EtcdKeys.Setting place, KeyChange change) {
        if (!Name.isValid(place.name()) || !Name.isValid(place.service())) {
            return false;
        }
        Optional<SortedMap<String, String>> fields =
                Optional.ofNullable(change.value()).flatMap(JsonLayout::fields);
        InstanceId id = new InstanceId(place.service(), place.name());
        if (fields.isPresent() || isJson(id)) {
            Map<String, FieldsEntry.Value> stored = touch(id, change.revision()).json;
            stored.clear();
            fields.orElseGet(Collections::emptySortedMap)
                    .forEach((name, text) -> stored.put(name, FieldsEntry.Value.of(text, change.revision())));
        }
        return fields.isPresent();
    }

    private boolean isJson(InstanceId id) {
        StoredInstance.Touched now = touched.get(id);
        return now == null
                ? !entries.getOrDefault(id, StoredInstance.NONE).json().isEmpty()
                : !now.json.isEmpty();
    }

    private static void change(Map<String, FieldsEntry.Value> fields, String name, KeyChange change) {
        String value = change.value();
        if (value == null) {
            fields.remove(name);
        } else {
            fields.put(name, FieldsEntry.Value.of(value, change.revision()));
        }
    }

    private StoredInstance.Touched touch(InstanceId id, long revision) {
        StoredInstance.Touched stored = touched.computeIfAbsent(id, this::untouched);
        stored.revision = Math.max(stored.revision, revision);
        return stored;
    }

    /** Its reports go now: what is set aside from here on is set aside by these changes. */
    private StoredInstance.Touched untouched(InstanceId id) {
        StoredInstance before = entries.getOrDefault(id, StoredInstance.NONE);
        before.reports().keySet().forEach(key -> rejected = rejected.without(key));
        return new StoredInstance.Touched(before);
    }

    private void entry(InstanceId id, StoredInstance.Touched stored) {
        StoredInstance good = earlier.getOrDefault(id, StoredInstance.NONE);
        StoredInstance now = StoredInstance.of(keys, ports, id, stored, sameHistory ? good : good.withoutRevisions());
        entries = stored.isEmpty() ? entries.without(id) : entries.with(id, now);
        now.reports().forEach((key, why) -> rejected = rejected.with(key, why));
        Set<InstanceId> named = aliasesOf(id, stored.before);
        Set<InstanceId> names = aliasesOf(id, now);
        if (!named.equals(names)) {
            named.forEach(alias -> count(alias, -1, stored.revision));
            names.forEach(alias -> count(alias, 1, stored.revision));
        }
    }

    /** The instances that it would be if its aliases were entries of the layout {@code json}. */
    private Set<InstanceId> aliasesOf(InstanceId id, StoredInstance stored) {
        Registration meaning = stored.good();
        if (meaning == null || meaning.instance().aliases().isEmpty()) {
            return Set.of();
        }
        Set<InstanceId> found = new HashSet<>();
        for (String key : meaning.instance().aliases().keySet()) {
            if (keys.parse(key) instanceof EtcdKeys.Setting(String service, String name)
                    && Name.isValid(service)
                    && Name.isValid(name)) {
                found.add(new InstanceId(service, name));
            }
        }
        found.remove(id);
        return found;
    }

    private void count(InstanceId alias, int more, long revision) {
        int count = aliases.getOrDefault(alias, 0) + more;
        aliases = count > 0 ? aliases.with(alias, count) : aliases.without(alias);
        aliased.merge(alias, revision, Math::max);
    }

    private void meaning(InstanceId id, StoredInstance before, long revision) {
        StoredInstance now = entries.getOrDefault(id, StoredInstance.NONE).orAlias(aliases.containsKey(id));
        Registration was = registrations.get(id);
        Registration meaning = now.good();
        registrations = meaning == null ? registrations.without(id) : registrations.with(id, meaning);
        // The old scripts put the same values again every few seconds: that is no change. An owner's write always is.
        if (!Objects.equals(was, meaning) || before.ownerRevision() != now.ownerRevision()) {
            changed(id.service(), revision);
        }
    }

    private void setting(EtcdKeys.Setting place, KeyChange change) {
        String value = json(place, change) ? null : change.value();
        if (!isSettingName(place.name()) || !Name.isValid(place.service())) {
            report(change, "its service or name is no name");
            return;
        }
        if (value != null && (value.length() > FieldsLayout.MAX_JSON || FieldsLayout.isBinary(value))) {
            report(change, "its value is too long or no text");
            value = null;
        } else {
            rejected = rejected.without(change.key());
        }
        SortedMap<String, String> old = settings.getOrDefault(place.service(), Collections.emptySortedMap());
        if (Objects.equals(old.get(place.name()), value)) {
            return;
        }
        SortedMap<String, String> now = new TreeMap<>(old);
        if (value == null) {
            now.remove(place.name());
        } else {
            now.put(place.name(), value);
        }
        settings = now.isEmpty()
                ? settings.without(place.service())
                : settings.with(place.service(), Collections.unmodifiableSortedMap(now));
        changed(place.service(), change.revision());
    }

    private void routes(EtcdKeys.Routes place, KeyChange change) {
        if (!Name.isValid(place.service()) || !Name.isValid(place.owner())) {
            report(change, "its service or owner is no name");
            return;
        }
        List<Route> said = List.of();
        rejected = rejected.without(change.key());
        if (change.value() != null) {
            try {
                said = FieldsLayout.routes(FieldsLayout.requireJson("routes", change.value()));
            } catch (IllegalArgumentException e) {
                report(change, String.valueOf(e.getMessage()));
            }
        }
        SortedMap<String, List<Route>> old = routes.getOrDefault(place.service(), Collections.emptySortedMap());
        if (old.getOrDefault(place.owner(), List.of()).equals(said)) {
            return;
        }
        SortedMap<String, List<Route>> now = new TreeMap<>(old);
        if (said.isEmpty()) {
            now.remove(place.owner());
        } else {
            now.put(place.owner(), List.copyOf(said));
        }
        routes = now.isEmpty()
                ? routes.without(place.service())
                : routes.with(place.service(), Collections.unmodifiableSortedMap(now));
        changed(place.service(), change.revision());
    }

    private void goodbye(EtcdKeys.Gone place, KeyChange change) {
        InstanceId id = id(place.service(), place.instance(), change);
        if (id == null) {
            return;
        }
        Goodbye goodbye = null;
        rejected = rejected.without(change.key());
        if (change.value() != null) {
            try {
                goodbye = GoodbyeJson.decode(id, change.value());
            } catch (IllegalArgumentException e) {
                report(change, String.valueOf(e.getMessage()));
            }
        }
        if (!Objects.equals(goodbyes.get(id), goodbye)) {
            goodbyes = goodbye == null ? goodbyes.without(id) : goodbyes.with(id, goodbye);
            changed(id.service(), change.revision());
        }
    }

    /** The id, when both parts are names; keys of one instance mostly come one after the other. */
    private @Nullable InstanceId id(String service, String instance, KeyChange change) {
        InstanceId known = last;
        if (known != null
                && known.instance().equals(instance)
                && known.service().equals(service)) {
            return known;
        }
        try {
            last = new InstanceId(service.intern(), instance);
            return last;
        } catch (IllegalArgumentException e) {
            report(change, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Sets the key aside; a key that is gone is no longer set aside. */
    private void report(KeyChange change, String why) {
        rejected = change.value() == null ? rejected.without(change.key()) : rejected.with(change.key(), why);
    }

    private void changed(String service, long revision) {
        changedAt = changedAt.with(service, Math.max(revision, changedAt.getOrDefault(service, 0L)));
    }

    private static boolean isSettingName(String name) {
        return Name.RESERVED.contains(name) || Name.isValid(name);
    }
}
