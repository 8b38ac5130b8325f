package dev.muster.provider.haproxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An instance: answers its name; at {@code /proto} the scheme that it was asked with; at {@code /slow} only once it is let; at {@code /echo} it upgrades and echoes. Its checks,
 * which send nothing, are not counted.
 */
final class Backend implements AutoCloseable {

    final AtomicInteger requests = new AtomicInteger();
    /** A permit for each slow request that has begun. */
    final Semaphore begun = new Semaphore(0);
    /** Opened by the test: slow requests end. */
    final CountDownLatch let = new CountDownLatch(1);

    private final String name;
    private final ServerSocket socket;

    Backend(String name) throws IOException {
        this(name, InetAddress.getLoopbackAddress());
    }

    Backend(String name, InetAddress address) throws IOException {
        this.name = name;
        this.socket = new ServerSocket(0, 200, address);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = connection.getOutputStream();
            String first = in.readLine();
            if (first == null) {
                return;
            }
            requests.incrementAndGet();
            String forwarded = "";
            String scheme = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.regionMatches(true, 0, "x-forwarded-for: ", 0, 17)) {
                    forwarded += line.substring(17);
                }
                if (line.regionMatches(true, 0, "x-forwarded-proto: ", 0, 19)) {
                    scheme = line.substring(19);
                }
            }
            if (first.contains(" /echo")) {
                String[] upgraded = {
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "\r\n"
                };
                out.write(String.join("\r\n", upgraded).getBytes(StandardCharsets.US_ASCII));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    out.write((name + " " + line + "\n").getBytes(StandardCharsets.US_ASCII));
                }
                return;
            }
            if (first.contains(" /slow")) {
                begun.release();
                let.await();
            }
            String body = first.contains(" /forwarded") ? forwarded : first.contains(" /proto") ? scheme : name;
            // Who closes says so, or the balancer may send a request on a connection that is about to end.
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(body.length(), body)
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException goneAway) {
            // The balancer may close as it likes; what counts is what its clients see.
            requests.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        let.countDown();
        socket.close();
    }
}
