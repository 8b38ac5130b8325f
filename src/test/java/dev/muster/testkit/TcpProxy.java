package dev.muster.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A TCP proxy to a port on loopback that can cut, stall and count what runs through it. */
public final class TcpProxy implements AutoCloseable {

    /** Takes the next piece of a stream; null at its end. */
    public interface Pieces {
        byte @Nullable [] next(InputStream in) throws IOException;
    }

    /** Whatever has arrived. */
    public static final Pieces CHUNKS = in -> {
        byte[] buffer = new byte[16384];
        int read = in.read(buffer);
        return read < 0 ? null : Arrays.copyOf(buffer, read);
    };

    /** One HTTP/2 frame (RFC 9113, section 4.1), as a server sends them. */
    public static final Pieces HTTP2_FRAMES = in -> {
        byte[] head = in.readNBytes(9);
        if (head.length < 9) {
            return null;
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        byte[] frame = Arrays.copyOf(head, 9 + length);
        return in.readNBytes(frame, 9, length) < length ? null : frame;
    };

    private final ServerSocket server;
    private final int targetPort;
    private final Pieces downstream;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Predicate<byte[]> cutAfter = piece -> false;
    private volatile Predicate<byte[]> drop = piece -> false;
    private volatile boolean refusing;
    private Predicate<byte[]> stalled = opening -> false;

    /** Listens on loopback. */
    public TcpProxy(int targetPort) {
        this(targetPort, CHUNKS);
    }

    /** @param listen the address of this machine that it listens on, a free port of it */
    public TcpProxy(InetAddress listen, int targetPort) {
        this(listen, targetPort, CHUNKS);
    }

    /** @param downstream how what the target sends is taken apart before it is passed on */
    public TcpProxy(int targetPort, Pieces downstream) {
        this(InetAddress.getLoopbackAddress(), targetPort, downstream);
    }

    private TcpProxy(InetAddress listen, int targetPort, Pieces downstream) {
        this.targetPort = targetPort;
        this.downstream = downstream;
        try {
            server = new ServerSocket(0, 50, listen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy-accept").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How often {@link #cutAfter} has cut. */
    public int cuts() {
        return cuts.get();
    }

    /** Bytes passed on so far, both ways. */
    public long bytes() {
        return bytes.get();
    }

    /** Closes every connection; new ones are welcome. */
    public void cut() {
        sockets.forEach(TcpProxy::closeQuietly);
    }

    /** Closes every connection, and each new one at once, until {@link #resume}. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** A black hole: connections stay, new ones are accepted, nothing passes. */
    public void stall() {
        stall(opening -> true);
    }

    /** The same for those connections alone whose first bytes from the client the test picks. */
    public synchronized void stall(Predicate<byte[]> opening) {
        stalled = opening;
    }

    /** Ends {@link #refuse} and {@link #stall}; what was held back passes now. */
    public synchronized void resume() {
        refusing = false;
        stalled = opening -> false;
        notifyAll();
    }

    /** Cuts a connection right after a piece from the target that the test picks has been passed on. */
    public void cutAfter(Predicate<byte[]> piece) {
        cutAfter = piece;
    }

    /** Swallows the pieces from the target that the test picks; the connection lives on. */
    public void drop(Predicate<byte[]> piece) {
        drop = piece;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                if (refusing) {
                    closeQuietly(client);
                    continue;
                }
                sockets.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                cut();
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            sockets.add(target);
            Opening opening = new Opening();
            Thread.ofVirtual().start(() -> pump(client, target, CHUNKS, false, opening));
            pump(target, client, downstream, true, opening);
        } catch (IOException e) {
            closeQuietly(client);
        }
    }

    /** What a client began with. */
    private static final class Opening {
        private volatile byte[] bytes = {};
    }

    private void pump(Socket from, Socket to, Pieces pieces, boolean mayCut, Opening opening) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (byte[] piece = pieces.next(in); piece != null; piece = pieces.next(in)) {
                if (!mayCut && opening.bytes.length == 0) {
                    opening.bytes = piece;
                }
                awaitUnstalled(opening);
                if (mayCut && drop.test(piece)) {
                    continue;
                }
                out.write(piece);
                out.flush();
                bytes.addAndGet(piece.length);
                if (mayCut && cutAfter.test(piece)) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // One side went away: try-with-resources has closed the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private synchronized void awaitUnstalled(Opening opening) throws InterruptedException {
        while (stalled.test(opening.bytes)) {
            wait();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        resume();
        cut();
    }
}
