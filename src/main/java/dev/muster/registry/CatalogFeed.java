package dev.muster.registry;

import dev.muster.model.Catalog;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Follows the registry: a whole read, then its changes, folded into the next catalog. */
public interface CatalogFeed extends AutoCloseable {

    /**
     * The newest catalog and how far it can be trusted.
     *
     * @param synced the source answers and the watch runs; while false, nothing may be removed for an absence
     * @param unsettledUntil nothing unannounced may be removed before: the source was replaced or restored from an older
     *     state ({@link Instant#MIN} otherwise)
     * @param receivedNanos monotonic time at which the newest change arrived
     */
    record View(Catalog catalog, boolean synced, Instant unsettledUntil, long receivedNanos) {}

    /** Begins; {@code changed} is called after each new view, on the feed's thread, and must return at once. */
    void start(Runnable changed);

    /** @return empty until the first whole read whose changes are followed */
    Optional<View> view();

    /**
     * The newest revision at which a key of these services was written that is there, by the source's own word and not by
     * the view's: a view of that revision shows all that had been written before this was asked.
     *
     * @throws RegistryException when it was not read whole
     */
    long newest(Set<String> services) throws RegistryException;

    /** Why the source cannot be followed, in words; empty while it can, and before anything has failed. */
    Optional<String> trouble();

    @Override
    void close();
}
