package dev.muster.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether there is room where Muster writes: locks, HAProxy's file. */
public final class DiskCheck implements Check {

    private static final long MUCH = 50L << 20;
    private static final long NEEDED = 1L << 20;

    private final List<Path> folders;

    public DiskCheck(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    @Override
    public Area area() {
        return Area.HOST;
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public void run(Report report) {
        List<FileStore> seen = new ArrayList<>();
        for (Path folder : folders) {
            Path existing = folder;
            while (Files.notExists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            try {
                FileStore store = Files.getFileStore(existing);
                if (!seen.contains(store)) {
                    seen.add(store);
                    tell(report, existing, store.getUsableSpace());
                }
            } catch (IOException e) {
                report.warn(
                        name(),
                        "how much room %s has is not known: %s".formatted(existing, e.getMessage()),
                        "df -h %s tells it".formatted(existing));
            }
        }
    }

    void tell(Report report, Path folder, long free) {
        String seen = "%d MiB are free at %s".formatted(free >> 20, folder);
        String mend = "make room there; df -h %s and du -xsh %s/* show what takes it".formatted(folder, folder);
        if (free < NEEDED) {
            report.fail(name(), seen + ": nothing can be written", mend);
        } else if (free < MUCH) {
            report.warn(name(), seen, mend);
        } else {
            report.ok(name(), seen);
        }
    }
}
