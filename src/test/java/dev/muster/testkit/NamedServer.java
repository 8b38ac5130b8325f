package dev.muster.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance on loopback. It answers a request with its name, and any other line with its name and the line. */
public final class NamedServer implements AutoCloseable {

    private final String name;
    private final ServerSocket socket;
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public NamedServer(String name) {
        this.name = name;
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** How many lines or requests it has answered. */
    public int requests() {
        return requests.get();
    }

    /** How many connections it has open. */
    public int connections() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // It is over.
        }
    }

    private void serve(Socket connection) {
        try (connection;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                boolean http = line.endsWith(" HTTP/1.1");
                for (String header = http ? in.readLine() : ""; header != null && !header.isEmpty(); ) {
                    header = in.readLine();
                }
                requests.incrementAndGet();
                String answer = http
                        ? "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(name.length(), name)
                        : name + " " + line + "\n";
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException gone) {
            // The other end has left, or this one.
        } finally {
            open.remove(connection);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
