package dev.muster.registry.etcd;

import dev.muster.config.LayoutConfig;
import dev.muster.config.LayoutConfig.Kind;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In which layouts registrations are written. Exactly one entry of an instance carries its owner and version; every other
 * key is a pure function of the registration, written in the same transaction under the same lease.
 */
final class Layouts {

    /**
     * Keys that stand together beside the owner's entry: another layout's, or an alias.
     *
     * @param alias whether its owner chose the key, which anybody may have had a use for
     * @param refusal why they cannot be written at all; empty where they can
     */
    record Part(String name, boolean alias, SortedMap<String, String> keys, Optional<String> refusal) {}

    private final EtcdKeys keys;
    private final OwnedLayout owned;
    private final List<OwnedLayout> everyOwned;
    private final SortedMap<String, Layout> beside = new TreeMap<>();

    Layouts(EtcdKeys keys, LayoutConfig config) {
        this.keys = keys;
        OwnedLayout fields = new FieldKeys(keys);
        OwnedLayout json = new JsonKeys(keys.prefix());
        OwnedLayout claims = new JsonKeys(EtcdKeys.CLAIMS);
        Set<Kind> kinds = config.kinds();
        this.owned = kinds.contains(Kind.FIELDS) ? fields : kinds.contains(Kind.JSON) ? json : claims;
        List<OwnedLayout> every = new ArrayList<>(List.of(owned));
        every.addAll(List.of(fields, json, claims));
        this.everyOwned = every.stream().distinct().toList();
        for (Kind kind : kinds) {
            switch (kind) {
                case FIELDS -> {}
                case JSON -> {
                    if (!owned.equals(json)) {
                        beside.put(kind.text(), json);
                    }
                }
                case PRESENCE -> beside.put(kind.text(), new PresenceLayout(keys));
                case REGISTRATOR -> beside.put(kind.text(), new RegistratorLayout(config.registratorPrefix()));
                case SKYDNS -> beside.put(kind.text(), new SkydnsLayout(config.skydnsPrefix(), config.skydnsDomain()));
            }
        }
    }

    /** The layout of the entry that carries the owner. */
    OwnedLayout owned() {
        return owned;
    }

    /** Every layout in which a predecessor may have left such entries; today's first. */
    List<OwnedLayout> everyOwned() {
        return everyOwned;
    }

    /** All that is to stand beside the owner's entry; no key is in two of them, or in the entry. */
    List<Part> beside(Registration registration) {
        Map<String, String> aliases = registration.instance().aliases();
        if (beside.isEmpty() && aliases.isEmpty()) {
            return List.of();
        }
        Set<String> taken = new HashSet<>(owned.possible(registration.id()));
        List<Part> parts = new ArrayList<>();
        beside.forEach((name, layout) -> {
            SortedMap<String, String> written = layout.write(registration);
            if (!written.isEmpty()) {
                parts.add(part(taken, "layout " + name, false, written, Optional.empty()));
            }
        });
        aliases.forEach((key, value) ->
                parts.add(part(taken, "alias", true, new TreeMap<>(Map.of(key, value)), ofAlias(key, value))));
        return parts;
    }

    private static Part part(
            Set<String> taken,
            String name,
            boolean alias,
            SortedMap<String, String> written,
            Optional<String> otherRefusal) {
        Optional<String> refusal = written.keySet().stream().anyMatch(taken::contains)
                ? Optional.of("another layout of the same instance has this key")
                : otherRefusal;
        if (refusal.isEmpty()) {
            taken.addAll(written.keySet());
        }
        return new Part(name, alias, written, refusal);
    }

    /** An alias must not be taken for something else by a reader of the services. */
    private Optional<String> ofAlias(String key, String value) {
        return switch (keys.parse(key)) {
            case EtcdKeys.Setting(String service, String name)
            when Name.isValid(service) && Name.isValid(name) ->
                JsonLayout.fields(value).isPresent()
                        ? Optional.of("its value would be taken for an instance: it has a port and an address")
                        : Optional.empty();
            case EtcdKeys.Stray() -> Optional.empty();
            default -> Optional.of("readers take this key for something else");
        };
    }
}
