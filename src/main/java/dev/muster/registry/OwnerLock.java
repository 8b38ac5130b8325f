package dev.muster.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One process per name on a machine: a lock on a file, which the kernel lets go when the process dies. */
public final class OwnerLock implements AutoCloseable {

    private final FileChannel channel;

    private OwnerLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or fails at once.
     *
     * @param role what the name is for: {@code agent} or {@code watcher}
     * @throws IllegalStateException in one sentence that says who holds it or what is wrong with the folder
     */
    public static OwnerLock take(Path folder, String role, String name) {
        Path file = file(folder, role, name);
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (!isFree(channel)) {
                    String holder = Files.readString(file).strip();
                    throw new IllegalStateException(
                            "another muster %s named '%s' runs on this machine (process %s holds %s)"
                                    .formatted(role, name, holder.isEmpty() ? "unknown" : holder, file));
                }
                channel.truncate(0);
                channel.write(
                        StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
                return new OwnerLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot lock %s (%s): --state-dir must name a folder that this user can write"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /**
     * The process that holds a lock, without a touch of it: to try it would keep out who starts at that moment. Not for a
     * process that holds it itself: to close the file, which is read here, would let go of its lock (fcntl_locking(2)).
     *
     * @return empty where nobody does
     * @throws IOException when the kernel's list of locks, or the file, cannot be read
     */
    public static Optional<String> holder(Path folder, String role, String name) throws IOException {
        Path file = file(folder, role, name);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        String process = Files.readString(file).strip();
        String inode = ":" + Files.getAttribute(file, "unix:ino");
        // proc_locks(5): 1: POSIX ADVISORY WRITE <pid> <device>:<inode> <start> <end>
        boolean held = Files.readAllLines(Path.of("/proc/locks")).stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(columns -> columns.length > 5 && columns[4].equals(process) && columns[5].endsWith(inode));
        return held ? Optional.of(process) : Optional.empty();
    }

    private static Path file(Path folder, String role, String name) {
        return folder.resolve(role + "-" + name + ".lock");
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process, which the kernel does not tell apart
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
