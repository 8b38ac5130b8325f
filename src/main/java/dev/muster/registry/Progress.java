package dev.muster.registry;

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

    /** Writes a record; a record equal to the one last written is not written again. */
    void write(Applied record) throws RegistryException;

    /** The service has left the target. */
    void delete(String service, String provider, String watcher) throws RegistryException;

    @Override
    void close();

    /** @param details for people, such as provider settings */
    record Watcher(String id, String host, String version, List<String> providers, Map<String, String> details) {}
}
