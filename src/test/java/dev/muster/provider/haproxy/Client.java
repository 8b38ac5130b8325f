package dev.muster.provider.haproxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection to the balancer, kept open over requests as far as the balancer lets it. */
public final class Client implements AutoCloseable {

    /** @param closes whether the balancer announced that it closes the connection */
    public record Answer(int status, String body, boolean closes) {}

    private final Socket socket;
    private final BufferedReader in;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    public static Answer get(int port, String host, String path) throws IOException {
        try (Client client = new Client(port)) {
            return client.request("GET", host, path);
        }
    }

    Answer request(String method, String host, String path) throws IOException {
        send(method, host, path, "");
        return receive();
    }

    void send(String method, String host, String path, String headers) throws IOException {
        socket.getOutputStream()
                .write("%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n%s\r\n"
                        .formatted(method, path, host, headers)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The bytes as they are, for what is no HTTP. */
    void say(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    String hear() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("closed");
        }
        return line;
    }

    Answer receive() throws IOException {
        int status = Integer.parseInt(hear().substring(9, 12));
        int length = 0;
        boolean closes = false;
        for (String line = hear(); !line.isEmpty(); line = hear()) {
            String header = line.toLowerCase(java.util.Locale.ROOT);
            length = header.startsWith("content-length: ") ? Integer.parseInt(header.substring(16)) : length;
            closes |= header.equals("connection: close");
        }
        char[] body = new char[length];
        for (int read = 0; read < length; ) {
            int count = in.read(body, read, length - read);
            if (count < 0) {
                throw new IOException("closed within a body");
            }
            read += count;
        }
        return new Answer(status, new String(body), closes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
