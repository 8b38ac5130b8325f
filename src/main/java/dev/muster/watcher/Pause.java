package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long a provider that has failed is left alone. */
@SuppressWarnings("ReferenceEquality") // the same catalog object is the same catalog
final class Pause {

    /** What has changed since a failure may end it: it is tried after this time at the most. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final Time time;
    private final Backoff backoff;
    private long failedAt;
    private @Nullable Catalog failedBy;
    private Duration length = Duration.ZERO;

    Pause(Time time, RandomGenerator random) {
        this.time = time;
        this.backoff = new Backoff(SOON, Duration.ofSeconds(5), random);
    }

    /** What is left of it, zero or less where nothing is. */
    Duration left() {
        return backoff.failures() == 0 ? Duration.ZERO : length.minus(time.elapsed(failedAt));
    }

    /** A look is about to go by this one. */
    void see(Catalog catalog) {
        if (catalog != failedBy && length.compareTo(SOON) > 0) {
            length = SOON;
        }
    }

    void begin(Catalog by) {
        failedAt = time.nanos();
        failedBy = by;
        length = backoff.next();
    }

    void end() {
        backoff.succeeded();
    }
}
