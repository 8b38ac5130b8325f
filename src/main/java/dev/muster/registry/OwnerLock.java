package dev.muster.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
        Path file = folder.resolve(role + "-" + name + ".lock");
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
