package dev.muster.source.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An engine that answers each path, whatever its query, with the bytes it was told, for answers that no real one gives on
 * request.
 */
final class ScriptedEngine implements AutoCloseable {

    private final ServerSocketChannel server;
    private final URI uri;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    ScriptedEngine(Path folder) throws IOException {
        Path socket = folder.resolve("scripted.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        uri = URI.create("unix://" + socket);
        Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return uri;
    }

    /** What was asked for, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** These very bytes; the connection stays open behind them. */
    ScriptedEngine raw(String path, String bytes) {
        answers.put(path, bytes);
        return this;
    }

    ScriptedEngine json(String path, int status, String body) {
        return raw(path, counted(status, body));
    }

    static String counted(int status, String body) {
        return "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.getBytes(StandardCharsets.UTF_8).length, body);
    }

    static String chunked(String... chunks) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (String chunk : chunks) {
            answer.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return answer.append("0\r\n\r\n").toString();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            answers.clear(); // closed: the test is over
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(client), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("GET ")) {
                    String path = line.split(" ", -1)[1];
                    asked.add(path);
                    String answer = answers.getOrDefault(
                            path.replaceAll("\\?.*", ""), counted(500, "no such path in the script"));
                    Channels.newOutputStream(client).write(answer.getBytes(StandardCharsets.UTF_8));
                    if (answer.startsWith("HTTP/1.0") || answer.contains("Connection: close")) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            asked.add("broken off");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
