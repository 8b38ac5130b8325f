package dev.muster.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that makes one pass after another: when its signal is raised, when the time that the last pass asked for is
 * over, and, looking at everything, after a failure (once a back-off has passed, whatever is raised meanwhile) or after
 * this process or its machine stood still.
 */
public final class ReconcileLoop {

    /** One look at the world and what follows from it. Runs on the loop's thread only. */
    @FunctionalInterface
    public interface Pass {
        /**
         * @return the time after which to look again even if nothing is raised
         * @throws Exception when the pass is to be made again, of everything
         */
        Duration run(Signal.Look look) throws Exception;
    }

    /**
     * How the loop fares.
     *
     * @param passes passes that ended well
     * @param failures failures since the last of these
     * @param failure the newest failure in words, empty when the last pass ended well
     * @param busy how long the pass that is under way has been running, zero between passes
     */
    public record Status(long passes, int failures, Optional<String> failure, Duration busy) {}

    private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final Signal.Look EVERYTHING = new Signal.Look(true, Set.of());
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final Duration STANDSTILL = Duration.ofSeconds(1);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    private final String name;
    private final Signal signal;
    private final Pass pass;
    private final Backoff backoff;
    private final Time time;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object state = new Object();
    private long passes;
    private int failures;
    private Optional<String> failure = Optional.empty();
    private Optional<Long> busySince = Optional.empty();

    /** @param name of the thread, and in the log: {@code agent}, {@code watcher} */
    public ReconcileLoop(String name, Signal signal, Pass pass, Backoff backoff, Time time) {
        this.name = name;
        this.signal = signal;
        this.pass = pass;
        this.backoff = backoff;
        this.time = time;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** Begins with a look at everything. Once only. */
    public void start() {
        Reading first = read();
        Thread.ofPlatform().name(name + "-heart").daemon().start(() -> beat(first));
        thread.start();
    }

    /**
     * Ends after the pass that is under way; one that takes longer than {@code within} is interrupted.
     *
     * @return whether the loop has ended
     */
    public boolean stop(Duration within) throws InterruptedException {
        stopping.countDown();
        signal.wake();
        if (thread.getState() == Thread.State.NEW || thread.join(within)) {
            return true;
        }
        log.warn("{}: the pass under way did not end within {} ms, interrupting it", name, within.toMillis());
        thread.interrupt();
        return thread.join(AFTER_INTERRUPT);
    }

    /** From any thread. */
    public Status status() {
        synchronized (state) {
            return new Status(
                    passes, failures, failure, busySince.map(time::elapsed).orElse(Duration.ZERO));
        }
    }

    private void run() {
        Signal.Look look = EVERYTHING;
        try {
            while (!stopped()) {
                look = once(look);
            }
        } catch (InterruptedException e) {
            log.info("{}: interrupted, ends", name);
        }
    }

    /** What both clocks said at a moment. */
    private record Reading(long nanos, Instant wall) {}

    private Reading read() {
        return new Reading(time.nanos(), time.now());
    }

    /**
     * A standstill shows as the larger of the monotonic and the wall-clock gap between two beats, whether the loop was waiting
     * or in the middle of a pass. What happened meanwhile may have been told to nobody; it only ever leads to looking again.
     */
    private void beat(Reading first) {
        Reading last = first;
        try {
            while (!stopping.await(BEAT.toNanos(), TimeUnit.NANOSECONDS)) {
                Reading now = read();
                Duration monotonic = Duration.ofNanos(now.nanos() - last.nanos());
                Duration byWall = Duration.between(last.wall(), now.wall());
                Duration gap = monotonic.compareTo(byWall) > 0 ? monotonic : byWall;
                if (gap.minus(BEAT).compareTo(STANDSTILL) > 0) {
                    log.info("{}: stood still for {} ms, looking at everything", name, gap.toMillis());
                    signal.raise();
                }
                last = now;
            }
        } catch (InterruptedException e) {
            log.debug("{}: interrupted, a standstill is no longer noticed", name);
        }
    }

    /** One pass and the wait after it. */
    private Signal.Look once(Signal.Look look) throws InterruptedException {
        long began = time.nanos();
        synchronized (state) {
            busySince = Optional.of(began);
        }
        try {
            Duration next = pass.run(look);
            succeeded();
            return stopped() ? EVERYTHING : signal.await(next);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError e) {
            Duration delay = failed(e);
            // What is raised meanwhile waits: a storm of events must not become a storm of retries.
            stopping.await(delay.toNanos(), TimeUnit.NANOSECONDS);
            return EVERYTHING;
        }
    }

    private void succeeded() {
        int before;
        synchronized (state) {
            before = failures;
            passes++;
            failures = 0;
            failure = Optional.empty();
            busySince = Optional.empty();
        }
        backoff.succeeded();
        if (before > 0) {
            log.info("{}: works again after {} failure(s)", name, before);
        }
    }

    private Duration failed(Throwable e) {
        int before;
        Optional<String> said;
        String words = words(e);
        synchronized (state) {
            before = failures;
            said = failure;
            failures++;
            failure = Optional.of(words);
            busySince = Optional.empty();
        }
        Duration delay = backoff.next();
        boolean known = before > 0 && said.equals(Optional.of(words));
        if (known) {
            log.debug("{}: failed again: {}; next try in {} ms", name, words, delay.toMillis());
        } else if (e instanceof RuntimeException || e instanceof Error) {
            log.error("{}: failed; next try in {} ms", name, delay.toMillis(), e);
        } else {
            log.warn("{}: failed: {}; next try in {} ms", name, words, delay.toMillis());
        }
        return delay;
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }

    private static String words(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getName() : message;
    }
}
