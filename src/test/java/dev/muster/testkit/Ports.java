package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports on loopback. None of those that Linux gives to connections (32768 and up, {@code ip_local_port_range}): on a busy
 * machine one of them could have it by the time somebody listens there.
 */
public final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, LAST));

    private Ports() {}

    /** A port that was free a moment ago, and that nobody in this JVM has been given for long. */
    public static int free() {
        int port = next();
        while (!isFree(port)) {
            port = next();
        }
        return port;
    }

    private static int next() {
        return NEXT.getAndUpdate(now -> now == LAST ? FIRST : now + 1);
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (BindException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
