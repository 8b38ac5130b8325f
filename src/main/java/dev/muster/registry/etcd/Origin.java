package dev.muster.registry.etcd;

import io.etcd.jetcd.Response;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether etcd is still the etcd that it was: another cluster id, or a revision that went back, means that its
 * data was replaced, wiped or restored from an older state.
 */
final class Origin {

    private static final Logger log = LoggerFactory.getLogger(Origin.class);

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private long cluster;
    private volatile long revision;

    /** Is told, on the thread that saw it, in words; must return at once. */
    void onReplaced(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** The newest revision seen. */
    long revision() {
        return revision;
    }

    /**
     * Looks at an answer that no member can have given from an older state than {@code floor}.
     *
     * @param floor {@link #revision} before the question was sent: answers overtake each other, so the newest revision at
     *     the time of the answer proves nothing
     */
    void observe(Response.Header header, long floor) {
        String why = look(header.getClusterId(), header.getRevision(), floor);
        if (!why.isEmpty()) {
            log.warn("etcd's data was replaced: {}", why);
            listeners.forEach(listener -> listener.accept(why));
        }
    }

    /** Looks at an answer that a member which lags behind may have given: only its cluster counts. */
    void observeCluster(Response.Header header) {
        observe(header, 0);
    }

    private synchronized String look(long seenCluster, long seenRevision, long floor) {
        String why = "";
        if (cluster != 0 && seenCluster != cluster) {
            why = "cluster id %x became %x".formatted(cluster, seenCluster);
        } else if (seenRevision < floor && revision >= floor) {
            why = "its revision went back from %d to %d".formatted(floor, seenRevision);
        }
        cluster = seenCluster;
        revision = why.isEmpty() ? Math.max(revision, seenRevision) : seenRevision;
        return why;
    }
}
