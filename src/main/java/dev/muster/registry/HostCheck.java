package dev.muster.registry;

import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What makes a process the only one of its name on this machine: its id, the folder of locks, who holds them. */
public final class HostCheck implements Check {

    private static final String MACHINE = "machine-id";
    private static final String FOLDER = "state-dir";

    private final Path folder;
    private final boolean locking;
    private final Map<String, String> names;

    /**
     * @param folder of locks
     * @param locking whether locks are wanted at all
     * @param names by role
     */
    public HostCheck(Path folder, boolean locking, Map<String, String> names) {
        this.folder = folder;
        this.locking = locking;
        this.names = names;
    }

    @Override
    public Area area() {
        return Area.HOST;
    }

    @Override
    public String name() {
        return FOLDER;
    }

    @Override
    public void run(Report report) {
        if (!locking) {
            report.ok(FOLDER, "no lock is taken (--no-host-lock): nothing else may run under these names");
            return;
        }
        try {
            report.ok(
                    MACHINE,
                    "this machine's id is " + MachineIdentity.read(true).machineId());
        } catch (IllegalStateException e) {
            String sentence = String.valueOf(e.getMessage());
            int colon = sentence.indexOf(": ");
            report.fail(MACHINE, sentence.substring(0, colon), sentence.substring(colon + 2));
        }
        boolean used = false;
        for (Map.Entry<String, String> role : names.entrySet()) {
            used |= isHeld(report, role.getKey(), role.getValue());
        }
        folder(report, used);
    }

    /** @param used by a process that runs, whoever this user is */
    private void folder(Report report, boolean used) {
        if (used) {
            report.ok(FOLDER, "%s is in use".formatted(folder));
            return;
        }
        Path existing = folder;
        while (Files.notExists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (Files.isDirectory(existing) && Files.isWritable(existing)) {
            report.ok(
                    FOLDER,
                    existing.equals(folder)
                            ? "%s can be written".formatted(folder)
                            : "%s is not there yet and can be made".formatted(folder));
            return;
        }
        report.fail(
                FOLDER,
                "%s %s"
                        .formatted(
                                folder,
                                Files.isDirectory(existing)
                                        ? "cannot be written by user '%s'".formatted(System.getProperty("user.name"))
                                        : "cannot be made: %s is no folder".formatted(existing)),
                "sudo install -d -o %s %s, or name another with --state-dir"
                        .formatted(System.getProperty("user.name"), folder));
    }

    private boolean isHeld(Report report, String role, String name) {
        try {
            Optional<String> holder = OwnerLock.holder(folder, role, name);
            report.ok(
                    role,
                    holder.isPresent()
                            ? "%s '%s' runs as process %s".formatted(role, name, holder.get())
                            : "no %s named '%s' runs here".formatted(role, name));
            return holder.isPresent();
        } catch (IOException e) {
            report.warn(
                    role,
                    "whether %s '%s' runs is not known: %s".formatted(role, name, e.getMessage()),
                    "run muster doctor as the user of that " + role);
            return false;
        }
    }
}
