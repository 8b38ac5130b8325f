package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.StaticConfig;
import dev.muster.config.StaticEntry;
import dev.muster.reconcile.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of entries, as people change it. */
final class StaticFileIT {

    private static final Duration STILL = Duration.ofMillis(300);

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = folder.resolve("static");
        Files.writeString(path, "# two\n\nweb/web01=8080  # the first\n  db/db1=5432/tcp\n");
    }

    private StaticFile open() {
        return new StaticFile(
                new StaticConfig(List.of(StaticEntry.parse("app/a=1")), Optional.of(path)),
                all -> Processes.check(all, Rows.RULES),
                time);
    }

    private static List<String> ids(StaticFile file) {
        return file.entries().stream().map(entry -> entry.id().toString()).toList();
    }

    /** As after a look at the change and another one once it has stood still. */
    private List<String> settled(StaticFile file) {
        file.entries();
        assertThat(file.unsettled()).contains(STILL);
        time.advance(STILL);
        List<String> now = ids(file);
        assertThat(file.unsettled()).isEmpty();
        return now;
    }

    @Test
    void hasTheFlagsEntriesAndItsOwn() {
        assertThat(ids(open())).containsExactly("app/a", "web/web01", "db/db1");
    }

    @Test
    void isFollowedAsItChanges() throws IOException {
        StaticFile file = open();
        Files.writeString(path, "web/web02=8080\n");
        assertThat(settled(file)).containsExactly("app/a", "web/web02");
        Files.writeString(path, "");
        assertThat(settled(file)).as("emptied on purpose").containsExactly("app/a");
    }

    @Test
    void isNotBelievedWhileItIsBeingWritten() throws IOException {
        StaticFile file = open();
        Files.writeString(path, "");
        assertThat(ids(file)).as("emptied by whoever writes it").hasSize(3);
        time.advance(STILL.minusMillis(1));
        Files.writeString(path, "web/web02=80");
        assertThat(ids(file)).as("half a port").hasSize(3);
        time.advance(STILL.minusMillis(1));
        Files.writeString(path, "web/web02=8080\n");
        assertThat(ids(file)).hasSize(3);
        time.advance(STILL);
        assertThat(file.entries()).containsExactly(StaticEntry.parse("app/a=1"), StaticEntry.parse("web/web02=8080"));
    }

    @Test
    void whatCannotBeTakenKeepsWhatWasThereAndIsSaidUntilItIsMended() throws IOException {
        StaticFile file = open();
        for (String bad : List.of("web/web02=8080\nrubbish\n", "web/a=1\nweb/a=2\n", "web/a=127.0.0.1:80\n")) {
            Files.writeString(path, bad);
            assertThat(settled(file)).as(bad).hasSize(3);
            assertThat(file.refused()).as(bad).isPresent();
        }
        Files.writeString(path, "web/web02=8080\nrubbish\n");
        settled(file);
        assertThat(file.refused())
                .contains(path + ":2: 'rubbish': " + "allowed is SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL], "
                        + "such as web/web01=8080 or db/db1=10.1.2.3:5432/tcp");
        Files.writeString(path, "web/web02=8080\n");
        assertThat(settled(file)).containsExactly("app/a", "web/web02");
        assertThat(file.refused()).isEmpty();
    }

    @Test
    void whatIsTakenAwayForAMomentIsNoLoss() throws IOException {
        StaticFile file = open();
        Path away = folder.resolve("away");
        Files.move(path, away);
        assertThat(ids(file)).hasSize(3);
        assertThat(file.refused()).as("not yet").isEmpty();
        Files.move(away, path);
        assertThat(settled(file)).hasSize(3);
        assertThat(file.refused()).isEmpty();

        Files.delete(path);
        assertThat(settled(file)).as("gone for good").hasSize(3);
        assertThat(file.refused()).contains(path + " cannot be read (NoSuchFile)");
    }

    @Test
    void aBadFileAtTheStartIsRefused() throws IOException {
        Files.writeString(path, "web=80\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(path + ":1: 'web=80': allowed is SERVICE/INSTANCE=");
        Files.writeString(path, "app/a=2\n");
        assertThatThrownBy(this::open).hasMessage(path + ": app/a is given twice");
        Files.delete(path);
        assertThatThrownBy(this::open).hasMessage(path + " cannot be read (NoSuchFile)");
        Files.write(path, new byte[2 * 1024 * 1024]);
        assertThatThrownBy(this::open).hasMessage(path + ": allowed are 1048576 bytes");
        Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(this::open).hasMessageStartingWith(path + " cannot be read");
    }

    @Test
    void everyKindOfChangeIsTold() throws IOException {
        AtomicInteger told = new AtomicInteger();
        try (FileWatch watch = FileWatch.of(path, told::incrementAndGet)) {
            assertThat(told).hasValue(0);
            Files.writeString(path, "web/web02=8080\n");
            await().until(() -> told.getAndSet(0) > 0);
            Path beside = folder.resolve("new");
            Files.writeString(beside, "web/web03=8080\n");
            await().until(() -> told.get() > 0);
            await().during(Duration.ofMillis(200)).until(() -> true);
            told.set(0);
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> told.getAndSet(0) > 0);
            assertThat(watch).isNotNull();
        }
        Files.delete(path);
        await().during(Duration.ofMillis(200)).until(() -> told.get() == 0);
    }
}
