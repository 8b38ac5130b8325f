package dev.muster.cli;

import dev.muster.config.Durations;
import dev.muster.config.EtcdConfig;
import dev.muster.model.Catalog;
import dev.muster.reconcile.Signal;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.RegistryException;
import java.time.Duration;
import java.util.Optional;

/** The catalog for a command: read once, or followed. */
public final class CatalogReading implements AutoCloseable {

    private final EtcdConfig config;
    private final CatalogFeed feed;
    private final Signal changed = new Signal();

    private CatalogReading(EtcdConfig config, CatalogFeed feed) {
        this.config = config;
        this.feed = feed;
    }

    static CatalogReading begin(Roles roles, EtcdConfig config) {
        CatalogReading reading = new CatalogReading(config, roles.feed(config));
        reading.feed.start(reading.changed::raise);
        return reading;
    }

    /** The whole catalog, once. */
    public static Catalog once(Roles roles, EtcdConfig config) throws RegistryException, InterruptedException {
        try (CatalogReading reading = begin(roles, config)) {
            return reading.first().catalog();
        }
    }

    /** @throws RegistryException when nothing has been read within the time that a call to etcd may take */
    CatalogFeed.View first() throws RegistryException, InterruptedException {
        long deadline = System.nanoTime() + config.timeout().toNanos();
        for (; ; ) {
            Optional<CatalogFeed.View> view = feed.view();
            if (view.isPresent()) {
                return view.get();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new RegistryException("etcd at %s has not answered within %s (--etcd-endpoints, --etcd-timeout)%s"
                        .formatted(
                                config.place(),
                                Durations.format(config.timeout()),
                                feed.trouble().map(why -> "; " + why).orElse("")));
            }
            changed.await(Duration.ofNanos(left));
        }
    }

    /** Raised at each change of the catalog, and when it is synced or no longer is. */
    Signal changed() {
        return changed;
    }

    @Override
    public void close() {
        feed.close();
    }
}
