package dev.muster.config;

import dev.muster.model.InstanceId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Processes without a container that an agent registers.
 *
 * @param entries from the flag
 * @param file of more such entries, one a line, which may change
 */
public record StaticConfig(List<StaticEntry> entries, Optional<Path> file) {

    public static final StaticConfig NONE = new StaticConfig(List.of(), Optional.empty());

    public StaticConfig {
        entries = List.copyOf(entries);
        requireDistinct(entries);
    }

    public boolean isEmpty() {
        return entries.isEmpty() && file.isEmpty();
    }

    /** @throws IllegalArgumentException naming an instance that is there twice */
    public static void requireDistinct(List<StaticEntry> entries) {
        Set<InstanceId> seen = new HashSet<>();
        for (StaticEntry entry : entries) {
            if (!seen.add(entry.id())) {
                throw new IllegalArgumentException("%s is given twice".formatted(entry.id()));
            }
        }
    }
}
