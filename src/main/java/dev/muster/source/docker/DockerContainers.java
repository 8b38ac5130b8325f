package dev.muster.source.docker;

import dev.muster.source.Container;
import dev.muster.source.ContainerSource;
import dev.muster.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a Docker Engine, or of anything that speaks its API. The first {@link #list} walks the same code as a
 * later {@link #find}, so that the first event does not meet it cold.
 */
public final class DockerContainers implements ContainerSource {

    /** Bound on a single call. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** How long the stream of events may be silent before the engine is pinged. */
    public static final Duration DEFAULT_QUIET = Duration.ofSeconds(10);

    /** More at once made a list no faster on two cores, and the engine has other clients. */
    private static final int IN_FLIGHT = 4;

    private static final Pattern ID_OR_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final EngineClient engine;
    private final Duration quiet;
    private volatile @Nullable DockerEvents events;

    /** @throws IllegalArgumentException for an address that is neither {@code unix://} nor {@code tcp://} */
    public DockerContainers(URI docker) {
        this(docker, DEFAULT_TIMEOUT, DEFAULT_QUIET);
    }

    /**
     * @param timeout bound on a single call, from connecting to its last byte
     * @param quiet how long the stream of events may be silent before the engine is pinged
     */
    public DockerContainers(URI docker, Duration timeout, Duration quiet) {
        this.engine = new EngineClient(new EngineAddress(docker), timeout);
        this.quiet = quiet;
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        if (events != null) {
            throw new IllegalStateException("subscribed already");
        }
        DockerEvents started = new DockerEvents(engine, quiet, listener);
        events = started;
        started.start();
    }

    /** Lists, then inspects each, since a list says nothing of when a container was started or of its environment. */
    @Override
    public List<Container> list() throws SourceException {
        Deque<EngineClient.Exchange> inFlight = new ArrayDeque<>();
        try {
            List<Container> containers = new ArrayList<>();
            for (String id : ids()) {
                if (inFlight.size() == IN_FLIGHT) {
                    inspected(inFlight.remove()).ifPresent(containers::add);
                }
                inFlight.add(engine.send(inspection(id)));
            }
            while (!inFlight.isEmpty()) {
                inspected(inFlight.remove()).ifPresent(containers::add);
            }
            containers.removeIf(container -> container.state() == Container.State.STOPPED);
            return List.copyOf(containers);
        } catch (IOException e) {
            throw engine.failure("its containers were not read", e);
        } finally {
            inFlight.forEach(EngineClient.Exchange::close);
        }
    }

    @Override
    public Optional<Container> find(String containerId) throws SourceException {
        if (!ID_OR_NAME.matcher(containerId).matches()) {
            return Optional.empty();
        }
        try {
            return inspected(engine.send(inspection(containerId)));
        } catch (IOException e) {
            throw engine.failure("container %s was not read".formatted(containerId), e);
        }
    }

    private List<String> ids() throws IOException {
        try (EngineClient.Exchange exchange = engine.send("/containers/json")) {
            EngineAnswer answer = exchange.answer();
            if (answer.status() != 200) {
                throw EngineClient.refused(answer);
            }
            List<String> ids = ContainerJson.ids(answer.body());
            exchange.finish(answer);
            return ids;
        }
    }

    /** @return empty only where the engine itself says that there is no such container */
    private static Optional<Container> inspected(EngineClient.Exchange sent) throws IOException {
        try (EngineClient.Exchange exchange = sent) {
            EngineAnswer answer = exchange.answer();
            if (answer.status() == 404) {
                String message = EngineClient.message(answer);
                if (message.toLowerCase(Locale.ROOT).contains("no such container")) {
                    exchange.finish(answer);
                    return Optional.empty();
                }
                throw new IOException("it answers 404: " + message);
            }
            if (answer.status() != 200) {
                throw EngineClient.refused(answer);
            }
            Container container = ContainerJson.read(answer.body());
            exchange.finish(answer);
            return Optional.of(container);
        }
    }

    private static String inspection(String id) {
        return "/containers/" + id + "/json";
    }

    /** Events that called for a look, since the start. */
    public long events() {
        DockerEvents started = events;
        return started == null ? 0 : started.events();
    }

    /** Subscriptions after the first, since the start. */
    public long reconnects() {
        DockerEvents started = events;
        return started == null ? 0 : started.reconnects();
    }

    /** Whether events are being listened to, as far as anybody can know. */
    public boolean listening() {
        DockerEvents started = events;
        return started != null && started.listening();
    }

    @Override
    public void close() {
        DockerEvents started = events;
        if (started != null) {
            started.close();
        }
        engine.close();
    }
}
