package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A disk of 256 KiB in memory, which a test may fill. Only root mounts one: without, what needs it is skipped. */
public final class SmallDisk implements AutoCloseable {

    private final Path disk;

    public SmallDisk() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts a small disk");
        disk = Files.createTempDirectory("muster-small-disk");
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString());
    }

    /** @return a new folder on it */
    public Path folder(String name) throws IOException {
        return Files.createDirectory(disk.resolve(name));
    }

    /** Until nothing more can be written. */
    public void fill() {
        assertThatThrownBy(() -> {
                    try (OutputStream out = Files.newOutputStream(filler())) {
                        byte[] block = new byte[512];
                        while (true) {
                            out.write(block);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
    }

    /** There is room again. */
    public void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return disk.resolve("filler");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", disk.toString());
        Files.delete(disk);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(Arrays.toString(command))
                .isZero();
    }
}
