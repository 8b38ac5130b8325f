package dev.muster.wiring;

import dev.muster.http.Metrics;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A role with all that it needs, ready to be driven by one loop. */
interface Role extends ReconcileLoop.Pass, AutoCloseable {

    /** {@code agent} or {@code watcher}. */
    String name();

    /** What raises the loop. */
    Signal signal();

    Metrics metrics();

    /** @return the reason why it does not do its work yet, or at the moment */
    Optional<String> notReady();

    /** The longest wait after failures. */
    default Duration longestRetry() {
        return Duration.ofSeconds(5);
    }

    /** Whether the first pass has to succeed. */
    boolean failFast();

    /** Opens what tells it of changes. Before the first pass. */
    void begin() throws Exception;

    /** Its end has been asked for: what it need not keep until the pass under way has ended is let go. Must return at once. */
    default void ending() {}

    /** Does what is to be done at the end, after the last pass. */
    void leave() throws Exception;

    @Override
    void close() throws IOException;
}
