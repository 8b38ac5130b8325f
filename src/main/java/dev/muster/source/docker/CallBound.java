package dev.muster.source.docker;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The bound on one call of one thread. When it passes, the call's client is closed, and its thread interrupted: closing
 * alone misses a connection that is only being made, which would then be waited for without an end.
 */
final class CallBound implements AutoCloseable {

    private final Thread caller = Thread.currentThread();
    private final Runnable abandon;
    private final Future<?> watch;
    private volatile boolean passed;
    private boolean ended;

    /** @param abandon closes the client; on the watchdog's thread */
    CallBound(ScheduledExecutorService watchdog, Duration bound, Runnable abandon) {
        this.abandon = abandon;
        this.watch = watchdog.schedule(this::expire, bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Set before the client closes, since the call may fail while it is being closed. */
    boolean passed() {
        return passed;
    }

    private void expire() {
        passed = true;
        abandon.run();
        synchronized (this) {
            if (!ended) {
                caller.interrupt();
            }
        }
    }

    /** By the caller; takes back an interruption that came too late to be of use. */
    @Override
    public void close() {
        watch.cancel(false);
        synchronized (this) {
            ended = true;
        }
        if (passed) {
            Thread.interrupted();
        }
    }
}
