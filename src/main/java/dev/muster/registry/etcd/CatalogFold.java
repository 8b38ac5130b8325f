package dev.muster.registry.etcd;

import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * All of the registry at one revision, and the pure step to the next: a whole read, or the changes of one revision, in;
 * the next fold out. Folding every change up to revision r equals a read at r, but for entries that have turned bad, whose
 * last good value only who saw it can keep. One change costs what it touches, whatever the size of the whole.
 */
final class CatalogFold {

    /** What a step works on. */
    record Maps(
            PersistentMap<InstanceId, StoredInstance> entries,
            PersistentMap<InstanceId, Registration> registrations,
            PersistentMap<String, SortedMap<String, String>> settings,
            PersistentMap<InstanceId, Goodbye> goodbyes,
            PersistentMap<String, Long> changedAt,
            PersistentMap<String, String> rejected,
            PersistentMap<String, SortedMap<String, List<Route>>> routes) {

        static final Maps EMPTY = new Maps(
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());

        /** Whether a reader of the catalog would see no difference but the revision. */
        boolean meansTheSameAs(Maps other) {
            return registrations.isSameAs(other.registrations)
                    && settings.isSameAs(other.settings)
                    && goodbyes.isSameAs(other.goodbyes)
                    && changedAt.isSameAs(other.changedAt)
                    && rejected.isSameAs(other.rejected)
                    && routes.isSameAs(other.routes);
        }
    }

    private final EtcdKeys keys;
    private final Maps maps;
    private final long revision;

    private CatalogFold(EtcdKeys keys, Maps maps, long revision) {
        this.keys = keys;
        this.maps = maps;
        this.revision = revision;
    }

    /** The fold of a whole read at {@code revision}. */
    static CatalogFold of(EtcdKeys keys, long revision, Collection<KeyChange> read) {
        FoldStep step = new FoldStep(keys, Maps.EMPTY, Maps.EMPTY.entries(), true);
        return new CatalogFold(keys, step.apply(read).end(), revision);
    }

    /**
     * The fold of a whole read that comes after this one: what is bad in it keeps what was good here.
     *
     * @param sameHistory whether revisions still mean what they meant: false once etcd's data was replaced
     */
    CatalogFold reread(long newRevision, Collection<KeyChange> read, boolean sameHistory) {
        FoldStep step = new FoldStep(keys, Maps.EMPTY, maps.entries(), sameHistory).apply(read);
        if (sameHistory) {
            step.changedSince(maps, newRevision);
        }
        return new CatalogFold(keys, step.end(), newRevision);
    }

    /** The next fold; {@code changes} are all of one revision's, or the rest of them. */
    CatalogFold apply(long newRevision, Collection<KeyChange> changes) {
        FoldStep step = new FoldStep(keys, maps, maps.entries(), true);
        return new CatalogFold(keys, step.apply(changes).end(), newRevision);
    }

    /** Whether a reader of the catalog would see no difference but the revision. */
    boolean meansTheSameAs(CatalogFold other) {
        return maps.meansTheSameAs(other.maps);
    }

    long revision() {
        return revision;
    }

    Catalog catalog() {
        return new Catalog(
                revision,
                maps.registrations(),
                maps.settings(),
                maps.goodbyes(),
                maps.changedAt(),
                maps.rejected(),
                maps.routes());
    }
}
