package dev.muster.registry.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One watch of a prefix, up to its first terminal signal of any kind. It never resumes by itself: jetcd's own resume takes
 * up at the revision of the stream's creation and so loses a backlog that did not arrive, and some endings it does not
 * notice at all. Whoever owns this starts another one from the last revision that it has seen.
 */
final class WatchStream implements AutoCloseable {

    /** What a stream brings, in this order: one {@code Created}, any number of {@code Changes}, at most one {@code Ended} that counts. */
    sealed interface Signal {

        WatchStream from();

        /** @param revision etcd's revision at that time */
        record Created(WatchStream from, long revision) implements Signal {}

        /** @param receivedNanos monotonic time of arrival */
        record Changes(WatchStream from, List<KeyChange> changes, long receivedNanos) implements Signal {}

        record Ended(WatchStream from, Throwable why) implements Signal {}
    }

    private final Client client;
    private final Watch.Watcher watcher;

    /**
     * Starts at {@code revision}.
     *
     * @param sink called on jetcd's threads; must return at once
     */
    WatchStream(EtcdConnection connection, String prefix, long revision, Consumer<Signal> sink) {
        this.client = connection.client();
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(revision)
                .withCreateNotify(true)
                .withRequireLeader(true)
                .build();
        this.watcher = client.getWatchClient().watch(EtcdKeys.bytes(prefix), option, new Watch.Listener() {
            @Override
            public void onNext(WatchResponse response) {
                connection.observe(response.getHeader());
                if (response.isCreatedNotify()) {
                    sink.accept(new Signal.Created(
                            WatchStream.this, response.getHeader().getRevision()));
                }
                if (!response.getEvents().isEmpty()) {
                    sink.accept(new Signal.Changes(WatchStream.this, changes(response), System.nanoTime()));
                }
            }

            @Override
            public void onError(Throwable throwable) {
                sink.accept(new Signal.Ended(WatchStream.this, throwable));
            }

            @Override
            public void onCompleted() {
                sink.accept(new Signal.Ended(WatchStream.this, new IllegalStateException("etcd ended the stream")));
            }
        });
    }

    /** The client that it runs on. */
    Client client() {
        return client;
    }

    private static List<KeyChange> changes(WatchResponse response) {
        List<KeyChange> changes = new ArrayList<>(response.getEvents().size());
        for (WatchEvent event : response.getEvents()) {
            var kv = event.getKeyValue();
            changes.add(
                    event.getEventType() == WatchEvent.EventType.DELETE
                            ? new KeyChange(EtcdKeys.text(kv.getKey()), null, kv.getModRevision())
                            : SnapshotReader.change(kv));
        }
        return changes;
    }

    @Override
    public void close() {
        watcher.close();
    }
}
