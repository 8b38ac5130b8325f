package dev.muster.registry;

import dev.muster.model.Catalog;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A feed that shows what a test gives it. */
public final class FakeCatalogFeed implements CatalogFeed {

    private volatile Optional<View> view = Optional.empty();
    private volatile Runnable changed = () -> {};
    private volatile long newest;

    @Override
    public void start(Runnable listener) {
        changed = listener;
    }

    @Override
    public Optional<View> view() {
        return view;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public long newest(Set<String> services) {
        return newest;
    }

    /** The source has come so far, whatever this feed shows. */
    public void sourceIsAt(long revision) {
        newest = revision;
    }

    public void show(Catalog catalog, boolean synced, Instant unsettledUntil, long receivedNanos) {
        view = Optional.of(new View(catalog, synced, unsettledUntil, receivedNanos));
        changed.run();
    }

    /** Nothing has been read yet, as before the first whole read. */
    public void showNothing() {
        view = Optional.empty();
    }

    @Override
    public void close() {}
}
