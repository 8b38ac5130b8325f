package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Makes each {@code fsync} and {@code fdatasync} of an etcd begin late, until it is closed. Needs the program {@code strace},
 * and the right to trace a child of this process's.
 */
public final class SlowDisk implements AutoCloseable {

    private final Process strace;

    private SlowDisk(Process strace) {
        this.strace = strace;
    }

    /** From now on, in each of its threads. */
    public static SlowDisk of(EtcdProcess etcd, Duration delay) {
        ProcessBuilder builder = new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "--trace=fsync,fdatasync",
                "--inject=fsync,fdatasync:delay_enter=" + delay.toNanos() / 1000,
                "--output=/dev/null",
                "--attach=" + etcd.pid());
        try {
            SlowDisk disk = new SlowDisk(builder.inheritIO().start());
            Path threads = Path.of("/proc", Long.toString(etcd.pid()), "task");
            Awaitility.await("every thread is traced")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> areTraced(threads));
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean areTraced(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                List<String> status = Files.readAllLines(thread.resolve("status"));
                if (status.contains("TracerPid:\t0")) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        strace.destroy(); // SIGTERM: it lets go of what it traces
        try {
            strace.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
