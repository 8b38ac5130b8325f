package dev.muster.registry.etcd;

import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.PersistentMap;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * All of the registry at one revision, and the pure step to the next: a whole read, or the changes of one revision, in;
 * the next fold out. Folding every change up to revision r equals a read at r, but for entries that have turned bad, whose
 * last good value only who saw it can keep. One change costs what it touches, whatever the size of the whole.
 */
final class CatalogFold {

    /**
     * What a step works on.
     *
     * @param aliases places of three levels that instances name as their aliases, and how many name each
     */
    record Maps(
            PersistentMap<InstanceId, StoredInstance> entries,
            PersistentMap<InstanceId, Integer> aliases,
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
    private final Map<String, Integer> ports;
    private final Maps maps;
    private final long revision;

    private CatalogFold(EtcdKeys keys, Map<String, Integer> ports, Maps maps, long revision) {
        this.keys = keys;
        this.ports = ports;
        this.maps = maps;
        this.revision = revision;
    }

    /** What was known before anything was read. */
    static CatalogFold nothing(EtcdKeys keys) {
        return nothing(keys, Map.of());
    }

    /** @param ports by service: the port of an instance whose entry in the layout {@code presence} has none */
    static CatalogFold nothing(EtcdKeys keys, Map<String, Integer> ports) {
        return new CatalogFold(keys, Map.copyOf(ports), Maps.EMPTY, 0);
    }

    /**
     * A whole read under way, which takes the place of what is known here: what is bad in it keeps what was good here.
     *
     * @param newRevision at which all of it is read
     * @param sameHistory whether revisions still mean what they meant: false once etcd's data was replaced
     */
    Reading reading(long newRevision, boolean sameHistory) {
        return new Reading(newRevision, sameHistory);
    }

    /** Takes all keys, in pages of any size, and none of them twice; used once, by one thread. */
    final class Reading implements Consumer<Collection<KeyChange>> {

        private final long at;
        private final boolean sameHistory;
        private final FoldStep step;

        private Reading(long at, boolean sameHistory) {
            this.at = at;
            this.sameHistory = sameHistory;
            this.step = new FoldStep(keys, ports, Maps.EMPTY, maps.entries(), sameHistory);
        }

        @Override
        public void accept(Collection<KeyChange> page) {
            step.apply(page);
        }

        CatalogFold end() {
            if (sameHistory && revision > 0) {
                step.changedSince(maps, at);
            }
            return new CatalogFold(keys, ports, step.end(), at);
        }
    }

    /**
     * The fold of these changes too, revision by revision. What is older than this fold is known already; what is of its own
     * revision is the rest of one that arrived in parts.
     */
    CatalogFold follow(List<KeyChange> changes) {
        CatalogFold next = this;
        for (int start = 0; start < changes.size(); ) {
            long at = changes.get(start).revision();
            int end = start + 1;
            while (end < changes.size() && changes.get(end).revision() == at) {
                end++;
            }
            next = at < next.revision ? next : next.apply(at, changes.subList(start, end));
            start = end;
        }
        return next;
    }

    /** The next fold; {@code changes} are all of one revision's, or the rest of them. */
    CatalogFold apply(long newRevision, Collection<KeyChange> changes) {
        FoldStep step = new FoldStep(keys, ports, maps, maps.entries(), true);
        return new CatalogFold(keys, ports, step.apply(changes).end(), newRevision);
    }

    /** Whether a reader of the catalog would see no difference but the revision. */
    boolean meansTheSameAs(CatalogFold other) {
        return maps.meansTheSameAs(other.maps);
    }

    boolean rejectsTheSameAs(CatalogFold other) {
        return maps.rejected().isSameAs(other.maps.rejected());
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
