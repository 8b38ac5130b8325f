package dev.muster.provider.route53;

import dev.muster.model.DnsSettings;
import dev.muster.model.InstanceState;
import dev.muster.plan.ServiceTargets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names that go on leading to where the last instance was, though none serves there any more. That is said once of each, since
 * whoever has read that the last instance is out would take its address for gone. Used by one thread.
 */
final class KeptNames {

    private final String group;
    private final boolean keepsAll;
    private SortedMap<String, String> known = new TreeMap<>();

    /** @param keepsAll whether what nobody asks for stays by this watcher's policy */
    KeptNames(String group, boolean keepsAll) {
        this.group = group;
        this.keepsAll = keepsAll;
    }

    /**
     * @param asked by service, what it asks for
     * @return what is new, in sentences
     */
    List<String> observe(Collection<ZoneView> views, SortedMap<String, ServiceTargets> asked) {
        SortedMap<String, String> now = new TreeMap<>();
        for (ZoneView view : views) {
            for (Owned owned : Owned.of(view, group)) {
                why(owned, asked.get(owned.said().service()))
                        .ifPresent(
                                why -> now.put("%s %s in %s".formatted(owned.name(), owned.type(), view.zone()), why));
            }
        }
        List<String> news = now.entrySet().stream()
                .filter(name -> !name.getValue().equals(known.get(name.getKey())))
                .map(name -> "%s stays as it was last: %s".formatted(name.getKey(), name.getValue()))
                .toList();
        known = now;
        return news;
    }

    /** Why it stays; empty where something serves there, or what it leads to is no instance. */
    private Optional<String> why(Owned owned, @Nullable ServiceTargets asking) {
        if (asking == null) {
            boolean outlives = owned.said().outlives();
            return outlives || keepsAll
                    ? Optional.of("nobody asks for it any more (%s)"
                            .formatted(outlives ? DnsSettings.KEEP_LAST.name() : "--policy upsert-only"))
                    : Optional.empty();
        }
        boolean serves = owned.said().kind() == Kind.ALIAS
                || asking.targets().values().stream().anyMatch(target -> target.state() == InstanceState.UP);
        return serves
                ? Optional.empty()
                : Optional.of("no instance of %s is in service (%s)"
                        .formatted(asking.service(), DnsSettings.KEEP_LAST.name()));
    }
}
