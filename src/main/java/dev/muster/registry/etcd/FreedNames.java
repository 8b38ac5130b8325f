package dev.muster.registry.etcd;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for keys of other owners to go. A watch that ends otherwise is told like a key that went: the next try finds out. */
final class FreedNames implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FreedNames.class);

    private final EtcdConnection connection;
    private final Runnable freed;
    private final Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    private final Map<String, Wait> waits = new HashMap<>();

    /** @param freed told on a thread of the connection's; must return at once */
    FreedNames(EtcdConnection connection, Runnable freed) {
        this.connection = connection;
        this.freed = freed;
    }

    /** @param revision at which the key was seen */
    synchronized void waitFor(String key, long revision) {
        waits.computeIfAbsent(key, missing -> new Wait(key, revision));
    }

    synchronized void forget() {
        waits.values().forEach(Wait::close);
        waits.clear();
    }

    @Override
    public void close() {
        forget();
    }

    /** One key's watch. It ends for its owner's sake too, and jetcd tells that in the same way: it is no news then. */
    private final class Wait {
        private final Watch.Watcher watcher;
        private volatile boolean over;

        Wait(String key, long revision) {
            WatchOption deletes = WatchOption.builder()
                    .withRevision(revision + 1)
                    .withNoPut(true)
                    .build();
            Watch.Listener listener = Watch.listener(
                    this::changed,
                    failure -> log.debug("watch of {} ended", key, failure),
                    () -> later.execute(this::tell));
            watcher = connection.client().getWatchClient().watch(EtcdKeys.bytes(key), deletes, listener);
        }

        void close() {
            over = true;
            watcher.close();
        }

        private void changed(WatchResponse response) {
            if (response.getEvents().stream().anyMatch(event -> event.getEventType() == WatchEvent.EventType.DELETE)) {
                tell();
            }
        }

        private void tell() {
            if (!over) {
                freed.run();
            }
        }
    }
}
