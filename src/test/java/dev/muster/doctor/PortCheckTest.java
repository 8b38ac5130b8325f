package dev.muster.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against tables as the kernel writes them. */
class PortCheckTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path proc;

    @BeforeEach
    void aMachine() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        process("41", "/usr/sbin/haproxy\0-W\0", "100");
        process("42", "python3\0-m\0http.server\0", "200");
        tcp(
                row("00000000:1F90", "0A", "100"), // *:8080
                row("0100007F:24F8", "0A", "200"), // 127.0.0.1:9464
                row("0100007F:24F9", "01", "200"), // 127.0.0.1:9465, a connection and no listener
                row("0100007F:24FA", "0A", "300")); // 127.0.0.1:9466, of somebody who is not seen
    }

    @Test
    void aPortInTheRightHandsIsWell() throws Exception {
        assertThat(look("haproxy", "*:8080"))
                .containsExactly("OK bind: *:8080, for HTTP services, is held by process 41 (/usr/sbin/haproxy)");
        assertThat(look("haproxy", "10.0.0.1:8080")).allMatch(line -> line.startsWith("OK"));
    }

    @Test
    void aPortInOtherHandsIsAFaultThatNamesThem() throws Exception {
        assertThat(look("haproxy", "127.0.0.1:9464"))
                .containsExactly("FAIL bind: 127.0.0.1:9464, for HTTP services, is held by process 42 (python3)"
                        + " -> stop that (kill 42), or choose another place: --haproxy-bind HOST:PORT");
        assertThat(look("haproxy", "*:9464")).allMatch(line -> line.startsWith("FAIL"));
    }

    @Test
    void whoIsNotSeenMayBeTheRightOne() throws Exception {
        assertThat(look("haproxy", "127.0.0.1:9466"))
                .singleElement()
                .asString()
                .startsWith("WARN bind: 127.0.0.1:9466, for HTTP services, is held by a process of another user")
                .endsWith("-> sudo muster doctor --only haproxy");
    }

    @Test
    void aPortIsFreeWhereNobodyListensAtThatAddress() throws Exception {
        assertThat(look("haproxy", "127.0.0.1:9465", "10.0.0.1:9464", "127.0.0.1:1234"))
                .hasSize(3)
                .allMatch(line -> line.startsWith("OK"))
                .first()
                .isEqualTo("OK bind: 127.0.0.1:9465 is free for HTTP services (--haproxy-bind)");
    }

    @Test
    void theOtherFamilysListenersCountToo() throws Exception {
        Files.writeString(
                proc.resolve("net/tcp6"),
                HEAD
                        + row("00000000000000000000000000000000:1F91", "0A", "200")
                        + row("00000000000000000000000001000000:1F92", "0A", "200"));

        assertThat(look("haproxy", "127.0.0.1:8081", "[::1]:8082")).allMatch(line -> line.startsWith("FAIL"));
        assertThat(look("haproxy", "127.0.0.1:8082")).allMatch(line -> line.startsWith("OK"));
    }

    @Test
    void withoutTablesNothingIsClaimed() throws Exception {
        assertThat(Seen.by(check("haproxy", new Listeners(proc.resolve("nowhere")), "127.0.0.1:9464")))
                .singleElement()
                .asString()
                .startsWith("WARN bind: who holds 127.0.0.1:9464 is not known");
    }

    private List<String> look(String kin, String... places) throws InterruptedException {
        return Seen.by(check(kin, new Listeners(proc), places));
    }

    private static PortCheck check(String kin, Listeners listeners, String... places) {
        return new PortCheck(
                Area.HAPROXY,
                "bind",
                "HTTP services",
                "--haproxy-bind",
                List.of(places).stream().map(HostPort::parse).toList(),
                kin,
                listeners);
    }

    private void tcp(String... rows) throws IOException {
        Files.writeString(proc.resolve("net/tcp"), HEAD + String.join("", rows));
    }

    private static String row(String local, String state, String inode) {
        return "   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 %s 1 0000000000000000\n"
                .formatted(local, state, inode);
    }

    private void process(String pid, String command, String inode) throws IOException {
        Path files = Files.createDirectories(proc.resolve(pid).resolve("fd"));
        Files.createSymbolicLink(files.resolve("3"), Path.of("socket:[" + inode + "]"));
        Files.writeString(proc.resolve(pid).resolve("cmdline"), command);
    }
}
