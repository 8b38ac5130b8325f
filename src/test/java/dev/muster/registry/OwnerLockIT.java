package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes real locks, some in processes of their own. */
final class OwnerLockIT {

    @TempDir
    Path folder;

    @Test
    void oneProcessTakesANameOnceUntilItLetsGo() throws IOException {
        Path made = folder.resolve("made/for/it");
        try (OwnerLock lock = OwnerLock.take(made, "agent", "host1")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> OwnerLock.take(made, "agent", "host1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another muster agent named 'host1' runs on this machine")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            OwnerLock.take(made, "agent", "host2").close();
            OwnerLock.take(made, "watcher", "host1").close();
        }
        OwnerLock.take(made, "agent", "host1").close();
    }

    @Test
    void aProcessThatDiesLetsGo() throws Exception {
        Process holder = holder(folder);
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("taken");
            assertThatThrownBy(() -> OwnerLock.take(folder, "agent", "host1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("process " + holder.pid());
        } finally {
            holder.destroyForcibly();
        }
        assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        OwnerLock.take(folder, "agent", "host1").close();
    }

    @Test
    void aFolderThatCannotBeUsedIsNamedWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> OwnerLock.take(file, "agent", "host1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("--state-dir must name a folder that this user can write");
    }

    /** A process that takes the lock of agent {@code host1}, says {@code taken}, and keeps it. */
    static Process holder(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Takes the lock, says so, and keeps it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            OwnerLock lock = OwnerLock.take(Path.of(arguments[0]), "agent", "host1");
            System.out.println("taken");
            System.in.transferTo(System.out);
            lock.close();
        }
    }
}
