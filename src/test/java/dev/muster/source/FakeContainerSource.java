package dev.muster.source;

import dev.muster.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** A mistake that the source makes all along, for tests that must notice it. */
    public enum Flaw {
        NONE,
        /** What cannot be read is said to be empty. */
        ERROR_IS_EMPTY,
        /** Of a container that it owes the answer for, a list says nothing. */
        UNREAD_IS_GONE,
        /** After a subscription nobody is told to look. */
        SUBSCRIBES_SILENTLY
    }

    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger finds = new AtomicInteger();
    private final Set<String> owed = ConcurrentHashMap.newKeySet();
    private Mode mode = Mode.WORKS;
    private boolean losesEvents;
    private Flaw flaw = Flaw.NONE;
    private CountDownLatch hanging = new CountDownLatch(1);

    /** Starts a container, or replaces the one of the same id, and says so. */
    public void put(Container container) {
        synchronized (this) {
            containers.put(container.run().containerId(), container);
        }
        tell(container.run().containerId());
    }

    /** Somebody restarts it: the same container in another run. */
    public void restart(String containerId, String startedAt) {
        signal(containerId);
        crash(containerId, startedAt);
    }

    /** It exits and is started again at once, since it is to run always. */
    public void crash(String containerId, String startedAt) {
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

    /** It is told to exit and stays, stopped: found by its id, not listed. */
    public void stop(String containerId) {
        signal(containerId);
        Container old = get(containerId);
        put(with(old, old.run(), Container.State.STOPPED));
    }

    /** It is killed and removed: neither found nor listed. */
    public void remove(String containerId) {
        signal(containerId);
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

    /** From now on it lists this container and does not answer for it, until {@link #pay}. */
    public void owe(String containerId) {
        owed.add(containerId);
    }

    public void pay(String containerId) {
        owed.remove(containerId);
    }

    /** Whether nobody is told of what happens, until {@link #resubscribe}. */
    public synchronized void loseEvents(boolean lose) {
        losesEvents = lose;
    }

    /** The stream of events was cut and is there again. */
    public void resubscribe() {
        loseEvents(false);
        if (flaw != Flaw.SUBSCRIBES_SILENTLY) {
            listeners.forEach(Listener::anythingChanged);
        }
    }

    /** From now on it makes this mistake. */
    public synchronized void is(Flaw newFlaw) {
        flaw = newFlaw;
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

    /** Its process has ended. */
    public void unsubscribe(Listener listener) {
        listeners.remove(listener);
    }

    /** What a list would say, however calls are answered now. */
    public synchronized List<Container> running() {
        List<Container> running = new ArrayList<>(containers.values());
        running.removeIf(container -> container.state() == Container.State.STOPPED);
        return List.copyOf(running);
    }

    /** What has become of a run, whatever is told of it: stopped also where its container is in another run by now. */
    public synchronized Container.State runs(Run run) {
        Container container = containers.get(run.containerId());
        return container == null || !container.run().equals(run) ? Container.State.STOPPED : container.state();
    }

    @Override
    public List<Container> list() throws SourceException {
        lists.incrementAndGet();
        if (!reaches()) {
            return List.of();
        }
        List<Container> read = new ArrayList<>(running());
        Set<String> unread = new HashSet<>();
        read.removeIf(container -> owed.contains(container.run().containerId())
                && unread.add(container.run().containerId()));
        if (!unread.isEmpty() && flaw != Flaw.UNREAD_IS_GONE) {
            throw new PartlyReadException("fake engine: no answer for some", new IOException("hangs"), read, unread);
        }
        return read;
    }

    @Override
    public Optional<Container> find(String containerId) throws SourceException {
        finds.incrementAndGet();
        if (owed.contains(containerId)) {
            throw new SourceException("fake engine: no answer for " + containerId);
        }
        if (!reaches()) {
            return Optional.empty();
        }
        synchronized (this) {
            return Optional.ofNullable(containers.get(containerId));
        }
    }

    @Override
    public void close() {
        listeners.clear();
        answer(Mode.FAILS);
    }

    private boolean reaches() throws SourceException {
        try {
            reach();
            return true;
        } catch (SourceException e) {
            if (flaw == Flaw.ERROR_IS_EMPTY) {
                return false;
            }
            throw e;
        }
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

    private void signal(String containerId) {
        if (!losing()) {
            listeners.forEach(listener -> listener.signalled(containerId));
        }
    }

    private void tell(String containerId) {
        if (!losing()) {
            listeners.forEach(listener -> listener.changed(containerId));
        }
    }

    private synchronized boolean losing() {
        return losesEvents;
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
