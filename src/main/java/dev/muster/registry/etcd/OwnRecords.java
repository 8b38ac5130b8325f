package dev.muster.registry.etcd;

import dev.muster.model.Name;
import dev.muster.registry.RegistryException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records of Muster's own. One that cannot be understood is reported once and left out; one that cannot be read is an error. */
final class OwnRecords {

    private static final Logger log = LoggerFactory.getLogger(OwnRecords.class);
    private static final int PAGE = 500;

    /** Reads one; an IllegalArgumentException's message says what is wrong with it. */
    interface Decoder<T> {
        T decode(String[] parts, String text, long revision);
    }

    private final EtcdConnection connection;
    private final Map<String, String> malformed = new HashMap<>();

    OwnRecords(EtcdConnection connection) {
        this.connection = connection;
    }

    /** By key, those below {@code prefix} whose keys go on with so many names. */
    <T> Map<String, T> read(String prefix, int levels, Decoder<T> decoder) throws RegistryException {
        return decoded(
                new SnapshotReader(connection, prefix, PAGE, () -> {}).read().keys(), prefix, levels, decoder);
    }

    /** The same of these keys alone; one that is not there is left out. */
    <T> Map<String, T> read(String prefix, Collection<String> keys, int levels, Decoder<T> decoder)
            throws RegistryException {
        List<KeyChange> found = new Transactions(connection, () -> {})
                .values("read below " + prefix, keys).values().stream()
                        .map(SnapshotReader::change)
                        .toList();
        return decoded(found, prefix, levels, decoder);
    }

    /** By key, the revision of its last change, whatever it says. */
    Map<String, Long> revisions(String prefix) throws RegistryException {
        Map<String, Long> revisions = new HashMap<>();
        new SnapshotReader(connection, prefix, PAGE, () -> {})
                .keysOnly()
                .read()
                .keys()
                .forEach(key -> revisions.put(key.key(), key.revision()));
        return revisions;
    }

    private <T> Map<String, T> decoded(List<KeyChange> keys, String prefix, int levels, Decoder<T> decoder) {
        Map<String, T> found = new HashMap<>();
        for (KeyChange read : keys) {
            String key = read.key();
            String[] parts = key.substring(prefix.length()).split("/", -1);
            try {
                if (parts.length != levels) {
                    throw new IllegalArgumentException("its key has not %d parts".formatted(levels));
                }
                for (String part : parts) {
                    Name.require("part of the key", part);
                }
                found.put(key, decoder.decode(parts, String.valueOf(read.value()), read.revision()));
                understood(key);
            } catch (IllegalArgumentException e) {
                report(key, String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private synchronized void understood(String key) {
        malformed.remove(key);
    }

    /** Once, until it says something else. */
    private synchronized void report(String key, String why) {
        if (!why.equals(malformed.put(key, why))) {
            log.warn("{} is left out: {}", Name.printable(key), why);
        }
    }
}
