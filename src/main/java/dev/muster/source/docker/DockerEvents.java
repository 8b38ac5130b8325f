package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.muster.reconcile.Backoff;
import dev.muster.source.ContainerSource;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's events, for good: subscribes from a moment that lies before the list that follows, so that nothing falls
 * between, and subscribes anew whenever the stream ends. The stream has no heartbeat; while it is silent the engine is
 * pinged over another connection, and one that does not answer counts as lost.
 */
final class DockerEvents implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(DockerEvents.class);

    /** The engine's clock is told in whole seconds. What is delivered twice causes one more look and no harm. */
    private static final Duration OVERLAP = Duration.ofSeconds(1);

    private static final String FILTERS = URLEncoder.encode(
            "{\"type\":[\"container\"],\"event\":[%s]}"
                    .formatted(new TreeSet<>(EventJson.TELLING)
                            .stream().map("\"%s\""::formatted).collect(Collectors.joining(","))),
            StandardCharsets.UTF_8);

    private final EngineClient engine;
    private final Duration quiet;
    private final Following following;
    private final Inspections inspections;
    private final ContainerSource.Listener listener;

    /** Short at the most: who does not listen is blind until the next resync, and to ask an engine nearby costs little. */
    private final Backoff backoff =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), RandomGenerator.getDefault());

    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder events = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final Thread thread;
    private final ScheduledThreadPoolExecutor heart = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("docker-heartbeat").daemon().factory());
    private volatile @Nullable EngineStream stream;
    private volatile long heardNanos;
    private volatile boolean listening;
    private boolean subscribedBefore;
    private boolean said;

    /**
     * @param quiet how long the stream may be silent before the engine is pinged
     * @param inspections by which a container that may have changed is read anew before it is told of
     */
    DockerEvents(
            EngineClient engine,
            Duration quiet,
            Following following,
            Inspections inspections,
            ContainerSource.Listener listener) {
        this.engine = engine;
        this.quiet = quiet;
        this.following = following;
        this.inspections = inspections;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("docker-events").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
        var _ = heart.scheduleWithFixedDelay(this::beat, quiet.toMillis(), quiet.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Events that called for a look. */
    long events() {
        return events.sum();
    }

    /** Subscriptions after the first. */
    long reconnects() {
        return reconnects.sum();
    }

    /** Whether a subscription is in place, as far as anybody can know. */
    boolean listening() {
        return listening;
    }

    private void run() {
        while (closed.getCount() > 0) {
            long since = System.nanoTime();
            try {
                listen();
            } catch (IOException e) {
                lost(e);
            }
            if (System.nanoTime() - since > quiet.toNanos()) {
                backoff.succeeded();
            }
            try {
                if (closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void listen() throws IOException {
        Instant since = clockOf(engine.ping("Date")).minus(OVERLAP);
        String path = "/events?since=%d.%09d&filters=%s".formatted(since.getEpochSecond(), since.getNano(), FILTERS);
        heardNanos = System.nanoTime();
        try (EngineStream opened = engine.stream(path)) {
            stream = opened;
            try (Response answer = opened.open()) {
                if (answer.getStatusCode() != 200) {
                    throw EngineClient.refused(answer);
                }
                subscribed();
                try (Json json = Json.of(answer.getBody())) {
                    while (json.next()) {
                        heardNanos = System.nanoTime();
                        tell(EventJson.read(json));
                    }
                }
            }
            throw new EOFException("it ended the stream of events");
        } catch (RuntimeException e) { // the transport wraps what its sockets throw
            throw EngineClient.checked(e);
        } finally {
            listening = false;
            stream = null;
        }
    }

    /** The stream has no heartbeat of its own: a silent one is taken for dead unless the engine answers elsewhere. */
    private void beat() {
        EngineStream open = stream;
        if (open == null || System.nanoTime() - heardNanos < quiet.toNanos()) {
            return;
        }
        try {
            engine.ping("Date");
            if (!listening) {
                open.close(); // it answers to others, but has not begun to answer here
            }
        } catch (IOException e) {
            lost(e);
            open.close();
        }
    }

    private void subscribed() {
        if (subscribedBefore) {
            reconnects.increment();
        }
        subscribedBefore = true;
        LOG.info("{}: listening to its events", engine);
        said = false;
        listening = true;
        listener.anythingChanged();
    }

    private void tell(EventJson event) {
        if (!event.telling() || !following.concerns(event)) {
            return;
        }
        events.increment();
        if (event.id().isEmpty()) {
            listener.anythingChanged();
        } else {
            if (event.signals()) {
                listener.signalled(event.id());
            }
            inspections.begin(event.id(), () -> listener.changed(event.id()));
        }
    }

    private void lost(IOException why) {
        if (!said && closed.getCount() > 0) {
            said = true;
            LOG.warn("{}: not listening to its events, what is registered stays: {}", engine, EngineClient.words(why));
            listener.anythingChanged(); // whoever looks finds out whether the engine answers at all
        }
    }

    /** The engine's own clock, from the {@code Date} header (RFC 9110, section 6.6.1); {@code since} is compared with it. */
    private static Instant clockOf(String date) throws IOException {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeException e) {
            throw new IOException("its answer to /_ping has no date", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        heart.shutdownNow();
        EngineStream open = stream;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }
}
