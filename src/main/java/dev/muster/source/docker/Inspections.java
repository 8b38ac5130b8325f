package dev.muster.source.docker;

import dev.muster.source.Container;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Inspections, some at a time: an engine lets whoever asks for a container that it is just starting or ending wait, and nobody
 * else has to wait with him. So one begins with the event that calls for it, and whoever looks is told when it has ended.
 * Thread-safe.
 */
final class Inspections implements Closeable {

    /** Fewer than the connections that the engine's client keeps. */
    private static final int AT_ONCE = 7;

    private static final long IDLE_SECONDS = 10;

    private final Inspection inspection;
    private final ThreadPoolExecutor callers = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("docker-inspect-", 1).daemon().factory(),
            (refused, closed) -> cancel(refused));
    private final Map<String, Future<Optional<Container>>> ahead = new ConcurrentHashMap<>();

    /** Asks the engine for one container; empty where it says that there is none. */
    interface Inspection {
        Optional<Container> of(String id) throws IOException;
    }

    Inspections(Inspection inspection) {
        this.inspection = inspection;
        callers.allowCoreThreadTimeOut(true);
    }

    /** One that was begun by an event. */
    private final class Ahead extends FutureTask<Optional<Container>> {
        private final String id;
        private final Runnable ended;

        private Ahead(String id, Runnable ended) {
            super(() -> inspection.of(id));
            this.id = id;
            this.ended = ended;
        }

        @Override
        protected void done() {
            if (ahead.get(id) == this) {
                ended.run();
            }
        }
    }

    /**
     * Its event has come. What was begun before is not handed out any more, since it may have been too early.
     *
     * @param ended told, on a thread of these, when the answer or the failure is there, unless something newer has taken its
     *     place; must return at once
     */
    void begin(String id, Runnable ended) {
        Ahead next = new Ahead(id, ended);
        Future<Optional<Container>> before = ahead.put(id, next);
        if (before != null) {
            before.cancel(false);
        }
        callers.execute(next);
    }

    /** Whoever reads everything from now on needs nothing of what was begun before. */
    void forget() {
        ahead.keySet().forEach(id -> {
            Future<Optional<Container>> begun = ahead.remove(id);
            if (begun != null) {
                begun.cancel(false);
            }
        });
    }

    /** @return each of these, in their order, as it was after its newest event or is now */
    SequencedMap<String, Optional<Container>> all(Collection<String> ids) throws IOException {
        Answers answers = each(ids);
        if (!answers.failed().isEmpty()) {
            throw answers.failed().firstEntry().getValue();
        }
        return answers.found();
    }

    /**
     * What came of asking for some, in their order.
     *
     * @param found as each was after its newest event or is now
     * @param failed why each of the others was not read
     */
    record Answers(SequencedMap<String, Optional<Container>> found, SequencedMap<String, IOException> failed) {}

    /** Once one has timed out, whatever is not answered by then fails too: so a hanging engine is waited for once. */
    Answers each(Collection<String> ids) throws InterruptedIOException {
        Map<String, Future<Optional<Container>>> asked = new LinkedHashMap<>();
        ids.forEach(id -> asked.put(id, Optional.ofNullable(ahead.remove(id)).orElseGet(() -> ask(id))));
        Answers answers = new Answers(new LinkedHashMap<>(), new LinkedHashMap<>());
        try {
            for (Map.Entry<String, Future<Optional<Container>>> each : asked.entrySet()) {
                try {
                    answers.found().put(each.getKey(), each.getValue().get());
                } catch (CancellationException e) {
                    answers.failed()
                            .put(each.getKey(), new IOException(callers.isShutdown() ? "closed" : "given up", e));
                } catch (ExecutionException e) {
                    IOException why = EngineClient.checked(e);
                    answers.failed().put(each.getKey(), why);
                    if (why instanceof SocketTimeoutException) {
                        giveUp(asked);
                    }
                }
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            giveUp(asked);
        }
    }

    private static void giveUp(Map<String, Future<Optional<Container>>> asked) {
        asked.values().forEach(each -> each.cancel(false));
    }

    private Future<Optional<Container>> ask(String id) {
        FutureTask<Optional<Container>> asked = new FutureTask<>(() -> inspection.of(id));
        callers.execute(asked);
        return asked;
    }

    @Override
    public void close() {
        callers.shutdownNow().forEach(Inspections::cancel);
    }

    /** Somebody may wait for it. */
    private static void cancel(Runnable asked) {
        ((Future<?>) asked).cancel(false);
    }
}
