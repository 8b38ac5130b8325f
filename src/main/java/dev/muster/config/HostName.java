package dev.muster.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This machine's name. */
final class HostName {

    // As the kernel has it: asking for the local host's address instead may wait for a name server.
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** @throws UsageException when it cannot be found, or cannot stand in a key */
    static String read(Setting<String> setting) {
        String name;
        try {
            name = Files.readString(KERNEL).strip();
        } catch (IOException e) {
            throw new UsageException(
                    "the machine's name cannot be read from %s; give it with %s".formatted(KERNEL, setting.flag()), e);
        }
        try {
            return setting.parser().apply(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "the machine's name '%s' cannot stand in a key (%s); give another with %s"
                            .formatted(name, e.getMessage(), setting.flag()),
                    e);
        }
    }
}
