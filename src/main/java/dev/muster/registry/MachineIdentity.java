package dev.muster.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which machine this is, as systemd tells it (machine-id(5)), and which of its boots.
 *
 * @param machineId 32 hex digits, the same over reboots
 * @param bootId the kernel's, new at each boot
 */
public record MachineIdentity(String machineId, String bootId) {

    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Reads it.
     *
     * @param required whether it is an error that the machine has none; otherwise a random one takes its place, by which no
     *     other process is taken for a predecessor
     * @throws IllegalStateException in a sentence that says how to make what is missing
     */
    public static MachineIdentity read(boolean required) {
        String machineId = readOrEmpty(MACHINE_ID);
        if (machineId.isEmpty() && !required) {
            machineId = UUID.randomUUID().toString();
        }
        if (machineId.isEmpty()) {
            throw new IllegalStateException(
                    "%s is missing or empty: run 'systemd-machine-id-setup', or 'uuidgen | tr -d - > %s'; in a container, mount the host's or give --no-host-lock"
                            .formatted(MACHINE_ID, MACHINE_ID));
        }
        return new MachineIdentity(machineId, readOrEmpty(BOOT_ID));
    }

    private static String readOrEmpty(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
