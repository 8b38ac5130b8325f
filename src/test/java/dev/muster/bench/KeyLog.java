package dev.muster.bench;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An independent watch on all keys, which notes when each container's key was first seen there, and when it went. */
final class KeyLog implements AutoCloseable {

    private static final ByteSequence ALL = ByteSequence.from(new byte[] {0});
    private static final String FIELD = "/container_id";

    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> gone = new ConcurrentHashMap<>();
    private final Map<String, String> containers = new ConcurrentHashMap<>();
    private final Map<String, Long> changes = new ConcurrentHashMap<>();
    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private final Map<Long, String> revisions = new ConcurrentHashMap<>();
    private final Watch.Watcher watcher;

    /** Sees everything from its return on. */
    KeyLog(Client client) throws InterruptedException {
        CountDownLatch created = new CountDownLatch(1);
        WatchOption option =
                WatchOption.builder().withRange(ALL).withCreateNotify(true).build();
        this.watcher = client.getWatchClient().watch(ALL, option, response -> {
            long now = nanosNow();
            response.getEvents().forEach(event -> note(event, now));
            created.countDown();
        });
        if (!created.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("etcd does not create a watch");
        }
    }

    /** Of the wall clock, since 1970; the engine's events carry the same. */
    static long nanosNow() {
        Instant now = Clock.systemUTC().instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** When a key first had this container, waiting for it. */
    long awaitSeen(String containerId) {
        return await(seen, containerId);
    }

    /** When this container's key was deleted, waiting for it. */
    long awaitGone(String containerId) {
        return await(gone, containerId);
    }

    /** When the first key with this in its name was written, waiting for it. */
    long awaitKeyOf(String part) {
        return Awaitility.await(part)
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(30))
                .until(() -> firstOf(part), OptionalLong::isPresent)
                .getAsLong();
    }

    private OptionalLong firstOf(String part) {
        return written.entrySet().stream()
                .filter(entry -> entry.getKey().contains(part))
                .mapToLong(Map.Entry::getValue)
                .min();
    }

    /** Transactions so far that changed a key with this in its name. */
    long revisions(String part) {
        return revisions.values().stream().filter(key -> key.contains(part)).count();
    }

    /** Changes so far of all keys that have this in their name. */
    long changes(String part) {
        return changes.entrySet().stream()
                .filter(entry -> entry.getKey().contains(part))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void note(WatchEvent event, long now) {
        String key = event.getKeyValue().getKey().toString(StandardCharsets.UTF_8);
        changes.merge(key, 1L, Long::sum);
        revisions.put(event.getKeyValue().getModRevision(), key);
        if (event.getEventType() == WatchEvent.EventType.PUT) {
            written.putIfAbsent(key, now);
        }
        if (!key.endsWith(FIELD)) {
            return;
        }
        if (event.getEventType() == WatchEvent.EventType.PUT) {
            String container = event.getKeyValue().getValue().toString(StandardCharsets.UTF_8);
            containers.put(key, container);
            seen.putIfAbsent(container, now);
        } else {
            gone.putIfAbsent(containers.getOrDefault(key, key), now);
        }
    }

    private static long await(Map<String, Long> log, String what) {
        return Awaitility.await(what)
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(30))
                .until(() -> log.getOrDefault(what, 0L), nanos -> nanos > 0);
    }

    @Override
    public void close() {
        watcher.close();
    }
}
