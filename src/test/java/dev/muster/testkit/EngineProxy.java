package dev.muster.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Stands between Muster and an engine, on a socket of its own, and does to the engine's answers what faults do. */
public final class EngineProxy implements AutoCloseable {

    private static final Path ENGINE = Path.of("/var/run/docker.sock");
    private static final byte[] EVENTS = "GET /events".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocketChannel server;
    private final SocketAddress engine;
    private final URI uri;
    private final List<Link> open = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean refuses;
    private volatile boolean losesEvents;
    private volatile boolean refusesEvents;
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
        this(folder, UnixDomainSocketAddress.of(engine));
    }

    /**
     * @param folder for its own socket
     * @param engine where another one listens, without TLS
     */
    public EngineProxy(Path folder, SocketAddress engine) throws IOException {
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

    /** The stream of events stays, and what happens is not told on it: so an engine treats who does not read for long. */
    public void loseEvents(boolean on) {
        losesEvents = on;
    }

    /** The stream of events ends now, and can be had no more; whatever else is asked is answered. */
    public void refuseEvents(boolean on) {
        refusesEvents = on;
        if (on) {
            open.stream().filter(link -> link.events).forEach(Link::end);
        }
    }

    /** Of each answer on a new connection, only so many bytes come. */
    public void cutAfter(int bytes) {
        cutAfter = bytes;
        cut();
    }

    /** Closes every connection there is. */
    public void cut() {
        open.forEach(Link::end);
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
                Link link = new Link(client, SocketChannel.open(engine));
                open.add(link);
                Thread.ofVirtual().start(link::asks);
                Thread.ofVirtual().start(link::answers);
            }
        } catch (IOException e) {
            cut(); // closed: the test is over
        }
    }

    /** One connection, from end to end. */
    private final class Link {

        private final SocketChannel client;
        private final SocketChannel real;
        private volatile boolean events;

        Link(SocketChannel client, SocketChannel real) {
            this.client = client;
            this.real = real;
        }

        void asks() {
            pump(client, real, buffer -> {
                events |= buffer.mismatch(ByteBuffer.wrap(EVENTS)) == EVENTS.length;
                boolean passes = !(events && refusesEvents);
                buffer.limit(passes ? buffer.limit() : 0);
                return passes;
            });
        }

        void answers() {
            int[] left = {cutAfter};
            pump(real, client, buffer -> {
                boolean lost = silent || (events && losesEvents);
                buffer.limit(lost ? 0 : Math.min(buffer.limit(), left[0]));
                left[0] -= buffer.limit();
                return left[0] > 0;
            });
        }

        /** @param filter leaves of a piece what passes; false where the connection ends after it */
        private void pump(SocketChannel from, SocketChannel to, Predicate<ByteBuffer> filter) {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            boolean goesOn = true;
            try {
                while (goesOn && from.read(buffer.clear()) >= 0) {
                    goesOn = filter.test(buffer.flip());
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                }
            } catch (IOException e) {
                // One side has gone: so does the other.
            }
            end();
        }

        void end() {
            for (SocketChannel channel : List.of(client, real)) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
