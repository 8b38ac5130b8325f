package dev.muster.testkit;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** An independent witness: a watch on all keys of an etcd that records every change and when it arrived. Thread-safe. */
public final class EtcdRecorder implements AutoCloseable {

    /**
     * A key was put or deleted.
     *
     * @param nanos monotonic time of its arrival
     */
    public record Change(long nanos, long revision, boolean deleted, String key, String value) {}

    private static final ByteSequence ALL = ByteSequence.from(new byte[] {0});

    private final EtcdProcess etcd;
    private final UnaryOperator<ClientBuilder> how;
    private final List<Change> changes = new ArrayList<>();
    private Client client;
    private long newest;

    private EtcdRecorder(EtcdProcess etcd, UnaryOperator<ClientBuilder> how) {
        this.etcd = etcd;
        this.how = how;
        this.newest = etcd.revision();
        this.client = watch();
    }

    /** From now on. */
    public static EtcdRecorder of(EtcdProcess etcd) {
        return of(etcd, UnaryOperator.identity());
    }

    /** The same, of an etcd that asks who is there. */
    public static EtcdRecorder of(EtcdProcess etcd, UnaryOperator<ClientBuilder> how) {
        return new EtcdRecorder(etcd, how);
    }

    /** After etcd was away: goes on from the last revision that arrived, so that nothing is missed. */
    public synchronized void resume() {
        client.close();
        client = watch();
    }

    /** After etcd's revision went back: forgets what is no longer so, and records what came after this revision. */
    public synchronized void rewind(long revision) {
        changes.clear();
        newest = revision;
        resume();
    }

    /** Every change up to etcd's newest revision: waits for what is under way. */
    public List<Change> all() {
        long now = etcd.revision();
        Awaitility.await("the recorder has seen revision " + now)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> newest() >= now);
        return seen();
    }

    /** Every change of keys that start like this, up to etcd's newest revision. */
    public List<Change> all(String prefix) {
        return all().stream().filter(change -> change.key().startsWith(prefix)).toList();
    }

    /** Waits for a change of this key. */
    public Change await(Duration atMost, String what, Predicate<Change> wanted) {
        Awaitility.await(what)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> find(wanted).isPresent());
        return find(wanted).orElseThrow();
    }

    /** The newest change that has arrived of its kind. */
    public Optional<Change> find(Predicate<Change> wanted) {
        return seen().reversed().stream().filter(wanted).findFirst();
    }

    /** Forgets what it has recorded so far, up to etcd's newest revision. */
    public void clear() {
        all();
        synchronized (this) {
            changes.clear();
        }
    }

    @Override
    public synchronized void close() {
        client.close();
    }

    private synchronized List<Change> seen() {
        return List.copyOf(changes);
    }

    private synchronized long newest() {
        return newest;
    }

    private Client watch() {
        Client fresh = how.apply(Client.builder().endpoints(etcd.endpoint())).build();
        WatchOption everything =
                WatchOption.builder().withRange(ALL).withRevision(newest + 1).build();
        fresh.getWatchClient().watch(ALL, everything, Watch.listener(this::record, failure -> {
            // etcd is away: whoever took it away calls resume(), and all() fails where nobody does
        }));
        return fresh;
    }

    private synchronized void record(WatchResponse response) {
        long now = System.nanoTime();
        for (WatchEvent event : response.getEvents()) {
            long revision = event.getKeyValue().getModRevision();
            changes.add(new Change(
                    now,
                    revision,
                    event.getEventType() == WatchEvent.EventType.DELETE,
                    event.getKeyValue().getKey().toString(StandardCharsets.UTF_8),
                    event.getKeyValue().getValue().toString(StandardCharsets.UTF_8)));
            newest = Math.max(newest, revision);
        }
    }
}
