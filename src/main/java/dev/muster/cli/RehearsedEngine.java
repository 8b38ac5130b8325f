package dev.muster.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * What an agent asks of a Docker Engine, on a Unix socket, for {@code muster warm}: containers start and end by word alone,
 * so that an agent can be rehearsed where none may be started, such as while an image is being built. It answers as
 * Docker 20.10 does (<a href="https://docs.docker.com/reference/api/engine/version/v1.41/">API 1.41</a>): a ping, the list,
 * an inspection, and the stream of events.
 */
final class RehearsedEngine implements AutoCloseable {

    private static final String INSPECTION = text("container");
    private static final String LISTED = text("listed");
    private static final String EVENT = text("event");

    private final ServerSocketChannel server;
    private final URI uri;
    private final int port;
    private final Map<String, Boolean> running = new ConcurrentHashMap<>();
    private final List<SocketChannel> listeners = new CopyOnWriteArrayList<>();

    /** @param port at which each of its containers serves */
    RehearsedEngine(Path folder, int port) throws IOException {
        Path socket = folder.resolve("engine.sock");
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        this.uri = URI.create("unix://" + socket);
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return uri;
    }

    /** Tells that the container of this number has started. */
    void start(int number) throws IOException {
        running.put(id(number), true);
        tell("start", id(number));
    }

    /** Tells that it has ended, if there was one. */
    void end(int number) throws IOException {
        if (running.replace(id(number), false) != null) {
            tell("die", id(number));
        }
    }

    private void tell(String action, String id) throws IOException {
        String event = filled(EVENT, id).replace("@ACTION@", action);
        for (SocketChannel listener : listeners) {
            write(listener, "%x\r\n%s\r\n".formatted(event.length(), event));
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (ClosedChannelException over) {
            listeners.clear();
        } catch (IOException e) {
            throw new IllegalStateException("the rehearsal's engine cannot be reached", e);
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(client), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("GET ")) {
                    String path = line.split("[ ?]", -1)[1];
                    if (path.equals("/events")) {
                        write(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        listeners.add(client);
                    } else {
                        write(client, answer(path));
                    }
                }
            }
        } catch (IOException left) {
            listeners.remove(client); // the agent has ended
        }
    }

    private String answer(String path) {
        if (path.equals("/_ping")) {
            return counted(200, "OK");
        }
        if (path.equals("/containers/json")) {
            return counted(
                    200,
                    running.keySet().stream()
                            .filter(running::get)
                            .map(id -> filled(LISTED, id))
                            .collect(Collectors.joining(",", "[", "]")));
        }
        String id = path.replaceAll("/containers/([0-9a-f]{64})/json", "$1");
        return running.containsKey(id)
                ? counted(200, filled(INSPECTION, id))
                : counted(404, "{\"message\":\"page not found\"}");
    }

    private static String counted(int status, String body) {
        return String.join(
                "\r\n",
                "HTTP/1.1 %d %s".formatted(status, status == 200 ? "OK" : "Not Found"),
                "Api-Version: 1.41",
                "Content-Type: application/json",
                "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
                "Content-Length: " + body.length(),
                "",
                body);
    }

    /** Every other one is checked before it is published, as is the default. */
    private String filled(String text, String id) {
        boolean runs = running.getOrDefault(id, false);
        return text.replace("@ID@", id)
                .replace("@NAME@", "rehearsed-" + id.substring(60))
                .replace("@STATUS@", runs ? "running" : "exited")
                .replace("@RUNNING@", Boolean.toString(runs))
                .replace("@CHECK@", id.charAt(63) % 2 == 0 ? "none" : "tcp")
                .replace("@PORT@", Integer.toString(port));
    }

    private static String id(int number) {
        return "%064x".formatted(number);
    }

    private static void write(SocketChannel client, String text) throws IOException {
        Channels.newOutputStream(client).write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(
                RehearsedEngine.class.getResourceAsStream("rehearsal/" + name + ".json"), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel listener : listeners) {
            listener.close();
        }
    }
}
