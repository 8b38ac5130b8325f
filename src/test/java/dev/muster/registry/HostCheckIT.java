package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at real locks and folders of this machine. */
class HostCheckIT {

    private static final Map<String, String> NAMES = new TreeMap<>(Map.of("agent", "host1", "watcher", "lb1"));

    @TempDir
    private Path folder;

    private static List<String> look(Path folder) throws InterruptedException {
        return Seen.by(new HostCheck(folder, true, NAMES)).stream()
                .filter(line -> !line.contains("machine-id"))
                .toList();
    }

    @Test
    void whoRunsIsToldByItsLockWhichIsLeftAlone() throws Exception {
        Process holder = OwnerLockIT.holder(folder);
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("taken");
            assertThat(look(folder))
                    .containsExactly(
                            "OK agent: agent 'host1' runs as process " + holder.pid(),
                            "OK watcher: no watcher named 'lb1' runs here",
                            "OK state-dir: %s is in use".formatted(folder));
            assertThat(holder.isAlive()).isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve("agent-host1.lock")).exists();
        assertThat(look(folder))
                .contains(
                        "OK agent: no agent named 'host1' runs here",
                        "OK state-dir: %s can be written".formatted(folder));
        OwnerLock.take(folder, "agent", "host1").close();
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() throws Exception {
        Path none = folder.resolve("run/muster");
        assertThat(look(none)).contains("OK state-dir: %s is not there yet and can be made".formatted(none));
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeMadeIsAFaultWithTheCommandThatMendsIt() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(look(file.resolve("muster")))
                .anyMatch(line -> line.startsWith("FAIL state-dir: ")
                        && line.contains("cannot be made: %s is no folder".formatted(file))
                        && line.contains("sudo install -d -o"));
    }

    @Test
    void withoutLocksNothingIsAskedOfTheMachine() throws Exception {
        assertThat(Seen.by(new HostCheck(folder, false, NAMES)))
                .singleElement()
                .asString()
                .startsWith("OK state-dir: no lock is taken (--no-host-lock)");
    }

    @Test
    void aLockThatIsLeftByTheDeadIsHeldByNobody() throws IOException {
        Files.writeString(
                folder.resolve("agent-host1.lock"), ProcessHandle.current().pid() + "\n");
        assertThat(OwnerLock.holder(folder, "agent", "host1")).isEmpty();
    }
}
