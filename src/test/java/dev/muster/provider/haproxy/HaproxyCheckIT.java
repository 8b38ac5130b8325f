package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Environment;
import dev.muster.doctor.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real HAProxy, with files and sockets as people leave them. */
class HaproxyCheckIT {

    private HaproxyFixture haproxy;

    @BeforeEach
    void prepare() {
        haproxy = new HaproxyFixture();
    }

    @AfterEach
    void end() throws Exception {
        haproxy.close();
    }

    /** As the settings find it. */
    private static String installed() {
        return Environment.program(Map.of(), "haproxy").orElseThrow().toString();
    }

    private List<String> look(boolean run) throws InterruptedException {
        return Seen.by(new HaproxyCheck(haproxy.config(run), true));
    }

    @Test
    void oneThatIsYetToBeStartedIsWellWhereTheWatcherDoesIt() throws Exception {
        assertThat(look(true))
                .hasSize(3)
                .allMatch(line -> line.startsWith("OK "))
                .anyMatch(line -> line.matches("OK program: haproxy is HAProxy [23]\\..*"))
                .contains(
                        "OK file: %s is not there yet: a watcher makes it".formatted(haproxy.file),
                        "OK master-socket: no HAProxy runs yet: a watcher starts it (--haproxy-run)");
        assertThat(look(false))
                .anyMatch(line -> line.startsWith("FAIL master-socket: no HAProxy answers on its master socket ")
                        && line.contains("--haproxy-run"));
        assertThat(haproxy.file).doesNotExist();
    }

    @Test
    void whatNobodyAskedForIsNoFaultUntilSomethingIsMusters() throws Exception {
        HaproxyFixture here = new HaproxyFixture(haproxy.folder, haproxy.port, installed());
        HaproxyCheck unasked = new HaproxyCheck(here.config(false), false);
        assertThat(Seen.by(unasked))
                .anyMatch(line -> line.startsWith("WARN master-socket: ")
                        && line.contains("-> nothing, where no watcher is to run; else systemctl start haproxy"));

        try (HaproxyProvider provider = haproxy.open()) {
            provider.actual();
        }
        HaproxyFixture.kill(haproxy.workers().master(), true);
        assertThat(Seen.by(unasked)).anyMatch(line -> line.startsWith("FAIL master-socket: "));
    }

    @Test
    void aFolderThatIsNotThereIsToldWithTheCommandThatMakesIt() throws Exception {
        Path folder = haproxy.folder.resolve("none");
        HaproxyFixture none = new HaproxyFixture(folder, haproxy.port, installed());
        assertThat(Seen.by(new HaproxyCheck(none.config(true), true)))
                .anyMatch(line -> line.startsWith("FAIL file: %s is not there, and user".formatted(none.file))
                        && line.contains("sudo mkdir -p " + folder));
        assertThat(Seen.by(new HaproxyCheck(none.config(true), false)))
                .anyMatch(line -> line.startsWith("WARN file: "));
        assertThat(folder).doesNotExist();
    }

    @Test
    void oneThatRunsIsToldWithItsProcesses() throws Exception {
        try (HaproxyProvider provider = haproxy.open()) {
            provider.actual();
            Workers workers = haproxy.workers();
            assertThat(look(false))
                    .allMatch(line -> line.startsWith("OK "))
                    .contains(
                            "OK file: %s is Muster's; HAProxy accepts it".formatted(haproxy.file),
                            "OK master-socket: HAProxy answers on %s: master %d, worker %d"
                                    .formatted(
                                            haproxy.folder.resolve("master.sock"),
                                            workers.master(),
                                            workers.current()));

            haproxy.snippet("mine.cfg", "frontend mine\n    bnd :1\n");
            String before = haproxy.text();
            assertThat(look(false))
                    .filteredOn(line -> line.startsWith("FAIL"))
                    .singleElement()
                    .asString()
                    .startsWith("FAIL file: HAProxy refuses %s: ".formatted(haproxy.file))
                    .contains("mine.cfg", "bnd", "haproxy -c -f %s -f %s".formatted(haproxy.file, haproxy.snippets));
            assertThat(haproxy.text()).isEqualTo(before);
            assertThat(haproxy.workers()).isEqualTo(workers);
        }
    }

    @Test
    void aFileOfAPersonsIsToldApart() throws Exception {
        Files.writeString(haproxy.file, "global\n");
        assertThat(look(true))
                .contains("OK file: %s is not Muster's and serves nothing: a watcher keeps a copy beside it"
                        .formatted(haproxy.file));

        Files.writeString(haproxy.file, "frontend mine\n    bind 127.0.0.1:1\n");
        assertThat(look(true))
                .anyMatch(line ->
                        line.startsWith("FAIL file: %s is not Muster's and has proxies of its own -> move them to"
                                .formatted(haproxy.file)));
    }

    @Test
    void aProgramThatIsMissingOrOldIsTold() throws Exception {
        HaproxyFixture none = new HaproxyFixture(haproxy.folder, haproxy.port, "/nowhere/haproxy");
        assertThat(Seen.by(new HaproxyCheck(none.config(true), true)))
                .first()
                .asString()
                .startsWith("FAIL program: '/nowhere/haproxy -v' cannot be run: ")
                .contains("apt-get install haproxy");
        assertThat(Seen.by(new HaproxyCheck(none.config(true), false)))
                .containsExactly("WARN program: there is no HAProxy here -> nothing, where no watcher is to run;"
                        + " else apt-get install haproxy, or --haproxy-binary FILE");

        for (String version : List.of("2.2.9 FAIL", "2.4.0 WARN", "3.0.11 OK", "1.8.4 FAIL")) {
            String[] expected = version.split(" ", -1);
            Path old = Files.writeString(
                    haproxy.folder.resolve("old"),
                    "#!/bin/sh\necho HAProxy version %s 2020/01/01\n".formatted(expected[0]));
            assertThat(old.toFile().setExecutable(true)).isTrue();
            HaproxyFixture fixture = new HaproxyFixture(haproxy.folder, haproxy.port, old.toString());
            assertThat(Seen.by(new HaproxyCheck(fixture.config(true), true)))
                    .first()
                    .asString()
                    .startsWith(expected[1] + " program: %s is HAProxy %s".formatted(old, expected[0]));
        }
    }
}
