package dev.muster.testkit;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between Muster and an engine's socket, on one of its own, and does to the engine's answers what faults do. */
public final class EngineProxy implements AutoCloseable {

    private static final Path ENGINE = Path.of("/var/run/docker.sock");

    private final ServerSocketChannel server;
    private final Path engine;
    private final URI uri;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean refuses;
    private volatile int cutAfter = Integer.MAX_VALUE;

    /** Before this machine's Docker. */
    public EngineProxy(Path folder) throws IOException {
        this(folder, ENGINE);
    }

    /**
     * @param folder for its own socket
     * @param engine the other one
     */
    public EngineProxy(Path folder, Path engine) throws IOException {
        this.engine = engine;
        Path socket = folder.resolve("engine.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        uri = URI.create("unix://" + socket);
        Thread.ofVirtual().start(this::accept);
    }

    public URI uri() {
        return uri;
    }

    /** The engine takes requests and says nothing any more, as when it is stopped by a signal. */
    public void silence(boolean on) {
        silent = on;
    }

    /** New connections are closed at once, and the old ones now, as when it is not there. */
    public void refuse(boolean on) {
        refuses = on;
        if (on) {
            cut();
        }
    }

    /** Of each answer on a new connection, only so many bytes come. */
    public void cutAfter(int bytes) {
        cutAfter = bytes;
        cut();
    }

    /** Closes every connection there is. */
    public void cut() {
        open.forEach(EngineProxy::end);
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                if (refuses) {
                    client.close();
                    continue;
                }
                SocketChannel real = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                open.addAll(List.of(client, real));
                Thread.ofVirtual().start(() -> pump(client, real, false));
                Thread.ofVirtual().start(() -> pump(real, client, true));
            }
        } catch (IOException e) {
            cut(); // closed: the test is over
        }
    }

    private void pump(SocketChannel from, SocketChannel to, boolean answer) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        int left = answer ? cutAfter : Integer.MAX_VALUE;
        try {
            while (left > 0 && from.read(buffer.clear()) >= 0) {
                buffer.flip();
                if (answer && silent) {
                    continue;
                }
                buffer.limit(Math.min(buffer.limit(), left));
                left -= buffer.limit();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // One side has gone: so does the other.
        }
        end(from);
        end(to);
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
