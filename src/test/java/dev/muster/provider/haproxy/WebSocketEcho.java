package dev.muster.provider.haproxy;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** A server that speaks the websocket protocol (RFC 6455) as far as short texts go, and sends them back. */
final class WebSocketEcho implements AutoCloseable {

    private static final int TEXT = 0x81;

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    WebSocketEcho() throws IOException {
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

    private static void serve(Socket connection) {
        try (connection) {
            // A client sends no frame before it has its answer, so that the reader takes none of them.
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String key = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                key = line.regionMatches(true, 0, "sec-websocket-key: ", 0, 19)
                        ? line.substring(19).strip()
                        : key;
            }
            if (key.isEmpty()) {
                return; // a check
            }
            OutputStream out = connection.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            DataInputStream frames = new DataInputStream(connection.getInputStream());
            while (frames.readUnsignedByte() == TEXT) {
                byte[] text = new byte[frames.readUnsignedByte() & 0x7f];
                byte[] mask = new byte[4];
                frames.readFully(mask);
                frames.readFully(text);
                for (int i = 0; i < text.length; i++) {
                    text[i] ^= mask[i % 4];
                }
                out.write(TEXT);
                out.write(text.length);
                out.write(text);
                out.flush();
            }
        } catch (IOException | GeneralSecurityException goneAway) {
            // The client may go as it likes; what counts is what it hears.
        }
    }

    private static String accept(String key) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
