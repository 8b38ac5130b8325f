package dev.muster.watcher;

import dev.muster.model.Catalog;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The services' settings as they were last read from a registry that can be trusted: one that was lost and comes back
 * without them takes none away, until it has had the time to be filled again.
 */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class RememberedSettings {

    private SortedMap<String, SortedMap<String, String>> trusted = new TreeMap<>();
    private @Nullable Catalog read;
    private @Nullable Catalog completed;

    /** The same catalog, with what it lacks of what was known. */
    Catalog in(Catalog catalog, boolean isTrusted) {
        if (isTrusted) {
            trusted = catalog.settings();
            completed = null;
            return catalog;
        }
        Catalog known = completed;
        if (known == null || catalog != read) {
            known = complete(catalog);
            read = catalog;
            completed = known;
        }
        return known;
    }

    private Catalog complete(Catalog catalog) {
        SortedMap<String, SortedMap<String, String>> all = new TreeMap<>(trusted);
        catalog.settings().forEach((service, settings) -> {
            SortedMap<String, String> both = new TreeMap<>(all.getOrDefault(service, new TreeMap<>()));
            both.putAll(settings);
            all.put(service, both);
        });
        return all.equals(catalog.settings()) ? catalog : catalog.withSettings(all);
    }
}
