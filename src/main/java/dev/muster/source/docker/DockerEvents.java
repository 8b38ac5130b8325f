package dev.muster.source.docker;

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
    private final ContainerSource.Listener listener;
    private final Backoff backoff =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), RandomGenerator.getDefault());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder events = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final Thread thread;
    private volatile @Nullable EngineConnection stream;
    private volatile boolean listening;
    private boolean subscribedBefore;
    private boolean said;

    /** @param quiet how long the stream may be silent before the engine is pinged */
    DockerEvents(EngineClient engine, Duration quiet, ContainerSource.Listener listener) {
        this.engine = engine;
        this.quiet = quiet;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("docker-events").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
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
        Instant since = clockOf(engine.ping()).minus(OVERLAP);
        try (EngineConnection connection = EngineConnection.open(engine.address(), engine.timeout())) {
            stream = connection;
            connection.send(
                    "/events?since=%d.%09d&filters=%s".formatted(since.getEpochSecond(), since.getNano(), FILTERS),
                    engine.timeout());
            EngineAnswer answer = connection.receive();
            if (answer.status() != 200) {
                throw EngineClient.refused(answer);
            }
            connection.onSilence(quiet, () -> {
                engine.ping();
                return quiet;
            });
            subscribed();
            try (Json json = Json.of(answer.body())) {
                while (json.next()) {
                    tell(EventJson.read(json));
                }
            }
            throw new EOFException("it ended the stream of events");
        } finally {
            listening = false;
            stream = null;
        }
    }

    private void subscribed() {
        if (subscribedBefore) {
            reconnects.increment();
        }
        subscribedBefore = true;
        LOG.info("{}: listening to its events", engine.address());
        said = false;
        listening = true;
        listener.anythingChanged();
    }

    private void tell(EventJson event) {
        if (!event.telling()) {
            return;
        }
        events.increment();
        if (event.id().isEmpty()) {
            listener.anythingChanged();
        } else {
            listener.changed(event.id());
        }
    }

    private void lost(IOException why) {
        if (!said && closed.getCount() > 0) {
            said = true;
            LOG.warn(
                    "{}: not listening to its events, what is registered stays: {}",
                    engine.address(),
                    why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage());
        }
    }

    /** The engine's own clock, from the {@code Date} header (RFC 9110, section 6.6.1); {@code since} is compared with it. */
    private static Instant clockOf(EngineAnswer answer) throws IOException {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.header("date")));
        } catch (DateTimeException e) {
            throw new IOException("its answer to /_ping has no date", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        EngineConnection open = stream;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }
}
