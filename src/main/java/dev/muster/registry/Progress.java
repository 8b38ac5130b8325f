package dev.muster.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The records by which watchers say what they have done. */
public interface Progress extends AutoCloseable {

    /** Says that this watcher is here, under a lease that is kept while it lives: {@code /muster/watchers/<watcher>}. */
    void announce(Watcher watcher) throws RegistryException;

    /** The watchers that are here. */
    List<Watcher> watchers() throws RegistryException;

    /** Every record, of every watcher. */
    List<Applied> records() throws RegistryException;

    /** Those of one watcher, whatever number of others there is. */
    List<Applied> records(String watcher) throws RegistryException;

    /**
     * Writes records, many at once; one that is equal to the one last written is not written again.
     *
     * @throws RegistryException when it is not known which of them are there
     */
    void write(Collection<Applied> records) throws RegistryException;

    /** Writes one record. */
    default void write(Applied record) throws RegistryException {
        write(List.of(record));
    }

    /** The service has left the target. */
    void delete(String service, String provider, String watcher) throws RegistryException;

    @Override
    void close();

    /** @param details for people, such as provider settings */
    record Watcher(String id, String host, String version, List<String> providers, Map<String, String> details) {}
}
