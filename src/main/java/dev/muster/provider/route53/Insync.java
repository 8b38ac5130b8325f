package dev.muster.provider.route53;

import dev.muster.plan.Spread;
import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.AwsException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Follows what Route 53 has accepted until every name server has it. Beside the passes, which go on: usually it takes a
 * few seconds, and it may take a minute and more.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeInfo.html">ChangeInfo</a>
 */
final class Insync implements AutoCloseable {

    /** After this nobody believes that it will come; a deleted zone's changes never do. */
    static final Duration MOST = Duration.ofMinutes(15);

    private static final Duration TO_END = Duration.ofSeconds(3);

    /** @param services that it is about */
    private record Accepted(String change, Set<String> services, Spread spread, long atNanos) {}

    private final Route53Api api;
    private final Duration pace;
    private final LongSupplier nanos;
    private final Clock clock = Clock.systemUTC();
    private final Consumer<Duration> took;
    private final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private final Map<String, Spread> spreads = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private final Thread thread;

    /**
     * @param pace from one look at the oldest of them to the next
     * @param took told of each how long it took, from another thread
     */
    Insync(Route53Api api, Duration pace, LongSupplier nanos, Consumer<Duration> took) {
        this.api = api;
        this.pace = pace;
        this.nanos = nanos;
        this.took = took;
        this.thread = Thread.ofVirtual().name("route53-insync").start(this::follow);
    }

    /** @param services that it is about */
    void accepted(String change, Set<String> services) {
        Spread begins = new Spread(clock.instant().truncatedTo(ChronoUnit.MILLIS), Optional.empty());
        services.forEach(service -> spreads.put(service, begins));
        waiting.incrementAndGet();
        begun.incrementAndGet();
        accepted.add(new Accepted(change, services, begins, nanos.getAsLong()));
    }

    /** By service, how far its newest change has come. */
    Map<String, Spread> spreads() {
        return Collections.unmodifiableMap(spreads);
    }

    /** Those that not every name server has, as far as is known. */
    int waiting() {
        return waiting.get();
    }

    /** How many there were so far. */
    long accepted() {
        return begun.get();
    }

    /** Of these, how many of the first are everywhere, or nobody believes any more that they will be. */
    long settled() {
        return settled.get();
    }

    /** The oldest first; those after it are seldom everywhere before it. */
    private void follow() {
        try {
            while (!closed) {
                settle(accepted.take());
                waiting.decrementAndGet();
                settled.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void settle(Accepted one) throws InterruptedException {
        while (!closed) {
            Thread.sleep(pace);
            Duration since = Duration.ofNanos(nanos.getAsLong() - one.atNanos());
            try {
                if (api.isEverywhere(one.change())) {
                    Spread everywhere =
                            new Spread(one.spread().at(), Optional.of(since.truncatedTo(ChronoUnit.MILLIS)));
                    one.services().forEach(service -> spreads.replace(service, one.spread(), everywhere));
                    took.accept(since);
                    return;
                }
            } catch (AwsException e) {
                if (e.kind() == Kind.GONE) {
                    return;
                }
            }
            if (since.compareTo(MOST) > 0) {
                return;
            }
        }
    }

    /** Afterwards no call is under way. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
