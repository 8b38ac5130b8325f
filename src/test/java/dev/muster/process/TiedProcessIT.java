package dev.muster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TiedProcessIT {

    /** Says its process id and stays. */
    private static final String STAYS = "echo $$ >\"$0\"; exec sleep 600";

    private static final String DEAF = "trap '' TERM; echo $$ >\"$0\"; while :; do sleep 1; done";

    @TempDir
    private Path folder;

    private Optional<ProcessHandle> last = Optional.empty();

    @AfterEach
    void end() {
        last.ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void endsWhenItIsClosed() throws Exception {
        TiedProcess tied = start(STAYS);
        ProcessHandle process = process();
        assertThat(tied.alive()).isTrue();

        tied.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(tied.alive()).isFalse();
    }

    @Test
    void endsAlsoWhenItDoesNotListen() throws Exception {
        TiedProcess tied = start(DEAF);
        ProcessHandle process = process();

        tied.close();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void isNotAliveOnceItHasEndedByItself() throws Exception {
        try (TiedProcess tied = start("echo $$ >\"$0\"; exit 3")) {
            await().until(() -> !tied.alive());
        }
    }

    @Test
    void aTemporaryFolderGoesWhenItIsClosedAndNotBefore() throws Exception {
        TiedFolder temporary = TiedFolder.create("muster-test");
        Files.writeString(
                Files.createDirectories(temporary.path().resolve("a/b")).resolve("file"), "x");
        assertThat(temporary.path()).isNotEmptyDirectory();

        temporary.close();
        assertThat(temporary.path()).doesNotExist();
    }

    @Test
    void endsWhenItsParentIsKilled() throws Exception {
        Path told = folder.resolve("told");
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        pidFile().toString(),
                        told.toString())
                .inheritIO()
                .start();
        ProcessHandle process = process();
        Path temporary =
                Path.of(await().until(() -> Files.exists(told) ? Files.readString(told) : "", text -> !text.isEmpty()));
        assertThat(process.isAlive()).isTrue();
        assertThat(temporary).exists();

        parent.destroyForcibly().waitFor();
        await().until(() -> !process.isAlive());
        await().until(() -> Files.notExists(temporary));
    }

    /** A process of its own, to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            TiedFolder temporary = TiedFolder.create("muster-test");
            TiedProcess tied = TiedProcess.start(List.of("sh", "-c", STAYS, args[0]), Path.of("/dev/null"));
            Files.writeString(Path.of(args[1]), temporary.path().toString());
            synchronized (tied) {
                while (tied.alive()) {
                    tied.wait();
                }
            }
        }
    }

    private TiedProcess start(String script) throws IOException {
        return TiedProcess.start(List.of("sh", "-c", script, pidFile().toString()), folder.resolve("output"));
    }

    private Path pidFile() {
        return folder.resolve("pid");
    }

    private ProcessHandle process() {
        await().until(() -> Files.exists(pidFile()) && Files.size(pidFile()) > 0);
        last = await().until(
                        () -> ProcessHandle.of(
                                Long.parseLong(Files.readString(pidFile()).strip())),
                        Optional::isPresent);
        return last.orElseThrow();
    }
}
