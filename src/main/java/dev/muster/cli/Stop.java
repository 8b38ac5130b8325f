package dev.muster.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The wish that the program ends: SIGTERM, SIGINT or SIGHUP. Asked for once, it stands. */
public final class Stop {

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;

    /** Ends the waits below and runs what {@link #onRequest} was given. */
    public void request() {
        List<Runnable> told;
        synchronized (this) {
            if (requested) {
                return;
            }
            requested = true;
            notifyAll();
            told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
    }

    public synchronized boolean requested() {
        return requested;
    }

    /** Calls {@code listener} once, at the request or, when it has been made already, at once. It must not block. */
    public void onRequest(Runnable listener) {
        synchronized (this) {
            if (!requested) {
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    /** Waits for the request. */
    public synchronized void await() throws InterruptedException {
        while (!requested) {
            wait();
        }
    }

    /** Waits for the request, at most so long. @return whether it was made */
    public synchronized boolean await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!requested) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return true;
    }
}
