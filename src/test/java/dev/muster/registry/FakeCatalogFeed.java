package dev.muster.registry;

import dev.muster.model.Catalog;
import java.time.Instant;
import java.util.Optional;

/** A feed that shows what a test gives it. */
public final class FakeCatalogFeed implements CatalogFeed {

    private volatile Optional<View> view = Optional.empty();
    private volatile Runnable changed = () -> {};

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
