package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The socket proxy of docs/operating.md, word for word, but for where it listens; and it writes down what it is asked. */
public final class SocketProxy implements AutoCloseable {

    /** @param status what was answered */
    public record Call(String method, String path, int status) {}

    private final Path socket;
    private final Path log;
    private final Process haproxy;

    private SocketProxy(Path socket, Path log, Process haproxy) {
        this.socket = socket;
        this.log = log;
        this.haproxy = haproxy;
    }

    /** @param rules more lines for its frontend, before its own rules */
    public static SocketProxy start(Path folder, String... rules) throws IOException {
        Path socket = folder.resolve("read.sock");
        Path log = folder.resolve("calls.log");
        String said =
                documented().replaceAll("bind .*", "bind unix@" + socket + "\n    " + String.join("\n    ", rules));
        String writesDown = "log global\n    option logasap\n    log-format \"%HM %HPO %ST\"\n";
        Path file = Files.writeString(
                folder.resolve("read.cfg"),
                "global\n    log stdout format raw local0\n"
                        + said.replaceFirst("mode http", "mode http\n    " + writesDown));
        Process haproxy = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        SocketProxy proxy = new SocketProxy(socket, log, haproxy);
        Awaitility.await("the socket proxy listens, see " + log)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(socket));
        return proxy;
    }

    /** The lines of the documentation's example. */
    private static String documented() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs", "operating.md"));
        int first = lines.indexOf("    defaults");
        int last = lines.indexOf("        server docker unix@/var/run/docker.sock");
        return String.join(
                        "\n",
                        lines.subList(first, last + 1).stream()
                                .map(line -> line.isEmpty() ? line : line.substring(4))
                                .toList())
                + "\n";
    }

    public URI uri() {
        return URI.create("unix://" + socket);
    }

    public Path socket() {
        return socket;
    }

    /** Everything that has been asked so far; a stream of events as soon as it is answered. */
    public List<Call> calls() {
        try {
            return Files.readAllLines(log).stream()
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words.length == 3 && words[1].startsWith("/"))
                    .map(words -> new Call(words[0], words[1], Integer.parseInt(words[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        haproxy.destroy();
        try {
            haproxy.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
