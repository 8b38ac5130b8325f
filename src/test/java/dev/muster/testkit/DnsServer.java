package dev.muster.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on loopback that knows SRV records (RFC 1035, RFC 2782) and nothing else. */
public final class DnsServer implements AutoCloseable {

    /** One record's data. */
    public record Srv(int priority, int weight, int port, String target) {}

    private static final int TYPE_SRV = 33;
    private static final int CLASS_IN = 1;
    private static final int HEADER_BYTES = 12;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket;
    private final Map<String, List<Srv>> records = new ConcurrentHashMap<>();

    public DnsServer() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("dns").start(this::serve);
    }

    /** {@code dns://127.0.0.1:PORT}. */
    public String url() {
        return "dns://127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on these are all of a name's records; none: there is no such name. */
    public void set(String name, Srv... all) {
        records.put(name, List.of(all));
    }

    private void serve() {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        int end = HEADER_BYTES;
        StringBuilder name = new StringBuilder();
        while (question[end] != 0) {
            int length = question[end];
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, end + 1, length, StandardCharsets.US_ASCII));
            end += 1 + length;
        }
        int type = ByteBuffer.wrap(question).getShort(end + 1);
        List<Srv> found = type == TYPE_SRV ? records.getOrDefault(name.toString(), List.of()) : List.of();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8580 | (found.isEmpty() ? NO_SUCH_NAME : 0)); // an answer, with authority
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(question, HEADER_BYTES, end + 5 - HEADER_BYTES);
        for (Srv record : found) {
            byte[] target = labels(record.target());
            out.writeShort(0xc000 | HEADER_BYTES); // the question's name
            out.writeShort(TYPE_SRV);
            out.writeShort(CLASS_IN);
            out.writeInt(0);
            out.writeShort(6 + target.length);
            out.writeShort(record.priority());
            out.writeShort(record.weight());
            out.writeShort(record.port());
            out.write(target);
        }
        return bytes.toByteArray();
    }

    private static byte[] labels(String name) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            labels.write(label.length());
            labels.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        labels.write(0);
        return labels.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
