package dev.muster.source.docker;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the engine, speaking as much HTTP/1.1 (RFC 9112) as reading needs: GET, kept alive, every body form.
 * Whatever is waited for has a deadline, which a Unix socket gives neither through a blocking channel nor through the
 * usual client libraries: hence non-blocking, with a selector of its own. Used by one thread; {@link #close} by any.
 */
final class EngineConnection implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);
    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;

    /** What happens when the engine has been silent up to the deadline. */
    interface Silence {
        /** Returns for how long to go on waiting, or throws to end the wait. */
        Duration passed() throws IOException;
    }

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private long deadline;
    private Silence silence = () -> {
        throw new SocketTimeoutException("no answer in time");
    };
    private boolean used;
    private boolean answering;

    private EngineConnection(SocketChannel channel, Selector selector, SelectionKey key, long deadline) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.deadline = deadline;
    }

    static EngineConnection open(EngineAddress address, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var remote = address.resolve();
        SocketChannel channel = remote instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(StandardProtocolFamily.UNIX);
        EngineConnection connection;
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            connection = new EngineConnection(channel, selector, channel.register(selector, 0), deadline);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        try {
            if (!channel.connect(remote)) {
                do {
                    connection.await(SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            }
            if (remote instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Sends a GET; everything up to the end of its answer has to happen within {@code timeout}. */
    void send(String path, Duration timeout) throws IOException {
        if (answering || in.hasRemaining()) {
            throw new IOException("the last answer has not been read to its end");
        }
        deadline = System.nanoTime() + timeout.toNanos();
        ByteBuffer request = ByteBuffer.wrap("GET %s HTTP/1.1\r\nHost: docker\r\nUser-Agent: muster\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        answering = true;
    }

    /** Reads the answer's head; its body follows. */
    EngineAnswer receive() throws IOException {
        EngineAnswer answer = EngineAnswer.read(this);
        used = true;
        return answer;
    }

    /** The answer has been read to its end, and another request may follow. */
    void answered() {
        answering = false;
    }

    /** Whether it has carried an answer: then the engine may have closed it since. */
    boolean used() {
        return used;
    }

    boolean reusable() {
        return !answering && channel.isOpen();
    }

    /** From now on a silence of this length is no failure by itself. */
    void onSilence(Duration length, Silence newSilence) {
        silence = newSilence;
        deadline = System.nanoTime() + length.toNanos();
    }

    /** One line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int c = read();
            if (c < 0) {
                throw new EOFException("the connection was closed in the middle of a line");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a header line of more than %d characters".formatted(LONGEST_LINE));
            }
        }
    }

    /** @return a byte, or -1 where the engine has closed the connection */
    int read() throws IOException {
        if (!in.hasRemaining() && !fill()) {
            return -1;
        }
        return in.get() & 0xff;
    }

    /** @return how many bytes were read, at least one, or -1 where the engine has closed the connection */
    int read(byte[] target, int offset, int length) throws IOException {
        if (!in.hasRemaining() && !fill()) {
            return -1;
        }
        int taken = Math.min(length, in.remaining());
        in.get(target, offset, taken);
        return taken;
    }

    private boolean fill() throws IOException {
        in.clear();
        try {
            while (true) {
                int count = channel.read(in);
                if (count != 0) {
                    return count > 0;
                }
                await(SelectionKey.OP_READ);
            }
        } finally {
            in.flip();
        }
    }

    private void await(int operation) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            deadline = System.nanoTime() + silence.passed().toNanos();
            return;
        }
        try {
            key.interestOps(operation);
            selector.select(ignored -> {}, left / 1_000_000 + 1);
        } catch (CancelledKeyException | ClosedSelectorException e) {
            throw new IOException("the connection was closed", e);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for the engine");
        }
    }

    @Override
    public void close() {
        try (channel) {
            selector.close();
        } catch (IOException e) {
            // Nothing was left to be written, so that nothing is lost; the descriptor is gone either way.
            LOG.debug("a connection that would not close", e);
        }
    }
}
