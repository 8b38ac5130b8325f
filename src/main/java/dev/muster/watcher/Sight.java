package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.time.Instant;
import java.util.Map;

/**
 * What one pass goes by, the same for every provider.
 *
 * @param now the guard's clock
 * @param receivedNanos when the newest change of the catalog arrived
 */
record Sight(
        Catalog catalog,
        boolean synced,
        Instant now,
        Instant unsettledUntil,
        long receivedNanos,
        Map<Target, ProbeResult> probes) {

    /** Whether what the catalog lacks is really gone. */
    boolean isTrusted() {
        return synced && unsettledUntil.equals(Instant.MIN);
    }
}
