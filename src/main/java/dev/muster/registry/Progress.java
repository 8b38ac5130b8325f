package dev.muster.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The records by which watchers say what they have done. */
public interface Progress extends AutoCloseable {

    /** Says that this watcher is here, under a lease that is kept while it lives: {@code /muster/watchers/<watcher>}. */
    void announce(Watcher watcher) throws RegistryException;

    /** The watchers that are here. */
    List<Watcher> watchers() throws RegistryException;

    /** Every record, of every watcher. */
    List<Applied> records() throws RegistryException;

    /** Those of one watcher, or of one group, whatever number of others there is. */
    List<Applied> records(String watcher) throws RegistryException;

    /** Who leads the groups that have a leader. */
    List<Leader> leaders() throws RegistryException;

    /**
     * Writes records, many at once; one that is equal to the one last written is not written again.
     *
     * @param by in which a group's records are written; empty for a watcher's own
     * @throws RegistryException when it is not known which of them are there; also where another one leads by now
     */
    void write(Collection<Applied> records, Optional<Term> by) throws RegistryException;

    /** The service has left the target. Otherwise as {@link #write}. */
    void delete(String service, String provider, String watcher, Optional<Term> by) throws RegistryException;

    /** Writes one of a watcher's own. */
    default void write(Applied record) throws RegistryException {
        write(List.of(record), Optional.empty());
    }

    /** Deletes one of a watcher's own. */
    default void delete(String service, String provider, String watcher) throws RegistryException {
        delete(service, provider, watcher, Optional.empty());
    }

    @Override
    void close();

    /**
     * @param troubles by provider that cannot be brought in step: why, in words
     * @param groups in which it stands for election
     */
    record Watcher(
            String id,
            String host,
            String version,
            List<String> providers,
            Map<String, String> troubles,
            List<String> groups) {

        public Watcher {
            providers = List.copyOf(providers);
            troubles = Map.copyOf(troubles);
            groups = List.copyOf(groups);
        }

        /** One that writes to nothing but its own targets. */
        public Watcher(String id, String host, String version, List<String> providers, Map<String, String> troubles) {
            this(id, host, version, providers, troubles, List.of());
        }

        public Watcher with(Map<String, String> now) {
            return new Watcher(id, host, version, providers, now, groups);
        }
    }

    /** @param watcher that leads the group */
    record Leader(String group, String watcher, long epoch) {}

    /** Who leads the groups of these watchers; nothing is asked where they have none, since rights to see it may be missing. */
    default List<Leader> leadersOf(List<Watcher> present) throws RegistryException {
        return present.stream().allMatch(watcher -> watcher.groups().isEmpty()) ? List.of() : leaders();
    }

    /** Under which names records are kept up to date: these watchers' own, and those of their groups. */
    static Set<String> names(List<Watcher> present) {
        Set<String> names = new TreeSet<>();
        for (Watcher watcher : present) {
            names.add(watcher.id());
            names.addAll(watcher.groups());
        }
        return names;
    }
}
