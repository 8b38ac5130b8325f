package dev.muster.provider.haproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** One question, one answer, one connection, and never longer than its bound. */
record HaproxySocket(Path path) {

    /**
     * Sends one line and reads until HAProxy closes.
     *
     * @throws IOException when nobody listens there, or the answer was not whole within {@code atMost}
     */
    String ask(String line, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                await(selector, deadline);
                if (channel.isConnectionPending()) {
                    channel.finishConnect();
                }
                channel.write(out);
            }
            // The master of 2.6 keeps the connection open after its answer unless it sees our end of it.
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            while (true) {
                int count = channel.read(in.clear());
                if (count < 0) {
                    return answer.toString(StandardCharsets.ISO_8859_1);
                }
                answer.write(in.array(), 0, count);
                if (count == 0) {
                    await(selector, deadline);
                }
            }
        }
    }

    private void await(Selector selector, long deadline) throws IOException {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new IOException("no answer in time on " + path);
        }
        selector.select(leftMillis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted while waiting for an answer on " + path);
        }
    }
}
