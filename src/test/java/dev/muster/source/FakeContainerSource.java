package dev.muster.source;

import dev.muster.model.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine in memory. Its events are delivered on the caller's thread; it can lose them, fail, answer half or hang, as a
 * real one does. Thread-safe.
 */
public final class FakeContainerSource implements ContainerSource {

    /** How the next calls are answered. */
    public enum Mode {
        WORKS,
        /** The engine answers with an error. */
        FAILS,
        /** The answer is cut off in its middle. */
        ANSWERS_HALF,
        /** No answer until {@link #answer(Mode)} ends it; the caller then gets that mode's answer. */
        HANGS
    }

    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger finds = new AtomicInteger();
    private Mode mode = Mode.WORKS;
    private boolean losesEvents;
    private CountDownLatch hanging = new CountDownLatch(1);

    /** Starts a container, or replaces the one of the same id, and says so. */
    public void put(Container container) {
        synchronized (this) {
            containers.put(container.run().containerId(), container);
        }
        tell(container.run().containerId());
    }

    /** The engine restarts it: the same container in another run. */
    public void restart(String containerId, String startedAt) {
        Container old = get(containerId);
        put(with(old, new Run(containerId, startedAt), Container.State.RUNNING));
    }

    public void pause(String containerId) {
        Container old = get(containerId);
        put(with(old, old.run(), Container.State.PAUSED));
    }

    public void unpause(String containerId) {
        Container old = get(containerId);
        put(with(old, old.run(), Container.State.RUNNING));
    }

    /** It exits and stays, stopped: found by its id, not listed. */
    public void stop(String containerId) {
        Container old = get(containerId);
        put(with(old, old.run(), Container.State.STOPPED));
    }

    /** It is removed: neither found nor listed. */
    public void remove(String containerId) {
        synchronized (this) {
            containers.remove(containerId);
        }
        tell(containerId);
    }

    /** From now on calls are answered this way; calls that hang go on with it. */
    public synchronized void answer(Mode newMode) {
        mode = newMode;
        if (newMode != Mode.HANGS) {
            hanging.countDown();
            hanging = new CountDownLatch(1);
        }
    }

    /** Whether nobody is told of what happens, until {@link #resubscribe}. */
    public synchronized void loseEvents(boolean lose) {
        losesEvents = lose;
    }

    /** The stream of events was cut and is there again. */
    public void resubscribe() {
        loseEvents(false);
        listeners.forEach(Listener::anythingChanged);
    }

    /** How many lists were asked for. */
    public int lists() {
        return lists.get();
    }

    /** How many single containers were asked for. */
    public int finds() {
        return finds.get();
    }

    @Override
    public void subscribe(Listener listener) {
        listeners.add(listener);
        listener.anythingChanged();
    }

    /** What a list would say, however calls are answered now. */
    public synchronized List<Container> running() {
        List<Container> running = new ArrayList<>(containers.values());
        running.removeIf(container -> container.state() == Container.State.STOPPED);
        return List.copyOf(running);
    }

    @Override
    public List<Container> list() throws SourceException {
        lists.incrementAndGet();
        reach();
        return running();
    }

    @Override
    public Optional<Container> find(String containerId) throws SourceException {
        finds.incrementAndGet();
        reach();
        synchronized (this) {
            return Optional.ofNullable(containers.get(containerId));
        }
    }

    @Override
    public void close() {
        listeners.clear();
        answer(Mode.FAILS);
    }

    private void reach() throws SourceException {
        while (true) {
            CountDownLatch wait;
            synchronized (this) {
                switch (mode) {
                    case WORKS -> {
                        return;
                    }
                    case FAILS -> throw new SourceException("fake engine: HTTP 500");
                    case ANSWERS_HALF -> throw new SourceException("fake engine: the answer ends in its middle");
                    case HANGS -> wait = hanging;
                    default -> throw new AssertionError(mode);
                }
            }
            try {
                wait.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SourceException("fake engine: interrupted", e);
            }
        }
    }

    private synchronized Container get(String containerId) {
        Container container = containers.get(containerId);
        if (container == null) {
            throw new IllegalArgumentException("no container '%s' in %s".formatted(containerId, containers.keySet()));
        }
        return container;
    }

    private void tell(String containerId) {
        boolean lost;
        synchronized (this) {
            lost = losesEvents;
        }
        if (!lost) {
            listeners.forEach(listener -> listener.changed(containerId));
        }
    }

    private static Container with(Container old, Run run, Container.State state) {
        return new Container(
                run,
                old.name(),
                old.image(),
                old.imageId(),
                state,
                old.labels(),
                old.environment(),
                old.bindings(),
                old.exposed(),
                old.networks(),
                old.ipv6(),
                old.hostNetwork());
    }
}
