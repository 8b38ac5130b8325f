package dev.muster.health;

import dev.muster.model.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A connection is accepted. */
public final class TcpCheck implements Check {

    @Override
    public boolean passes(Target target, Duration timeout) throws InterruptedException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.address(), target.port()), (int) timeout.toMillis());
            return true;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("check of " + target + " given up");
            }
            return false; // refused, unreachable, timed out: that is this check's answer
        }
    }
}
