package dev.muster.registry.etcd;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything below a prefix at one revision: in pages, so that no answer is too large, all pinned to the first one's
 * revision. When that is compacted away twice while paging, one unpaged read.
 */
final class SnapshotReader {

    private static final Logger log = LoggerFactory.getLogger(SnapshotReader.class);
    private static final Duration UNPAGED = Duration.ofSeconds(60);

    /** For each page etcd goes over all keys that are left: few large ones cost it less than many small ones. */
    private static final long PAGE_BYTES = 8 << 20;

    private static final int GROWTH = 8;

    private final EtcdConnection connection;
    private final String name;
    private final ByteSequence prefix;
    private final ByteSequence end;
    private final int firstPage;
    private final boolean keysOnly;
    private final Runnable betweenPages;

    /** All of a prefix, and the revision at which it was that. */
    record Snapshot(long revision, List<KeyChange> keys) {}

    /**
     * @param firstPage so many keys at first; then as many as fill a page
     * @param betweenPages called before each page but the first: where a test compacts
     */
    SnapshotReader(EtcdConnection connection, String prefix, int firstPage, Runnable betweenPages) {
        this(connection, prefix, firstPage, false, betweenPages);
    }

    private SnapshotReader(
            EtcdConnection connection, String prefix, int firstPage, boolean keysOnly, Runnable betweenPages) {
        this.connection = connection;
        this.name = prefix;
        this.prefix = EtcdKeys.bytes(prefix);
        this.end = OptionsUtil.prefixEndOf(this.prefix);
        this.firstPage = firstPage;
        this.keysOnly = keysOnly;
        this.betweenPages = betweenPages;
    }

    /** One that reads all values as empty. */
    SnapshotReader keysOnly() {
        return new SnapshotReader(connection, name, firstPage, true, betweenPages);
    }

    /** @throws RegistryException when it was not read whole */
    Snapshot read() throws RegistryException {
        List<KeyChange> keys = new ArrayList<>();
        long revision = read(at -> {
            keys.clear();
            return keys::addAll;
        });
        return new Snapshot(revision, keys);
    }

    /**
     * The same, page by page, for what is too large to be held as keys.
     *
     * @param begin given the revision, says who takes the pages; asked again when it all has to begin anew
     * @return the revision of the reading that was whole
     * @throws RegistryException when it was not read whole
     */
    long read(LongFunction<? extends Consumer<? super List<KeyChange>>> begin) throws RegistryException {
        for (int tries = 0; tries < 2; tries++) {
            try {
                return paged(begin);
            } catch (RegistryException e) {
                if (!EtcdErrors.isCompacted(e)) {
                    throw e;
                }
                log.debug("compacted while paging, reading anew", e);
            }
        }
        log.info("compacted twice while paging, reading all at once");
        GetResponse whole = connection.call(
                "read all below " + name + " at once",
                UNPAGED,
                client -> client.getKVClient().get(prefix, range().build()));
        long revision = whole.getHeader().getRevision();
        begin.apply(revision).accept(changes(whole));
        return revision;
    }

    /** While one page is taken the next one is on its way. */
    private long paged(LongFunction<? extends Consumer<? super List<KeyChange>>> begin) throws RegistryException {
        try (ExecutorService ahead = Executors.newVirtualThreadPerTaskExecutor()) {
            GetResponse page = page(prefix, 0, firstPage);
            long revision = page.getHeader().getRevision();
            Consumer<? super List<KeyChange>> taker = begin.apply(revision);
            while (page.isMore() && !page.getKvs().isEmpty()) {
                ByteSequence from = page.getKvs().getLast().getKey().concat(ByteSequence.from(new byte[1]));
                int limit = nextLimit(page);
                betweenPages.run();
                Future<GetResponse> next = ahead.submit(() -> page(from, revision, limit));
                taker.accept(changes(page));
                page = await(next);
            }
            taker.accept(changes(page));
            return revision;
        }
    }

    /** As many keys as fill a page by the last one's measure; but larger ones may follow. */
    private static int nextLimit(GetResponse page) {
        List<KeyValue> kvs = page.getKvs();
        long bytes = kvs.stream()
                .mapToLong(kv -> kv.getKey().size() + kv.getValue().size())
                .sum();
        return Math.toIntExact(Math.clamp(kvs.size() * PAGE_BYTES / Math.max(1, bytes), 1, (long) kvs.size() * GROWTH));
    }

    /** @param most how many keys; fewer where so many would be too large an answer */
    private GetResponse page(ByteSequence from, long revision, int most) throws RegistryException {
        for (int limit = most; ; limit /= 2) {
            GetOption option = range().withRevision(revision).withLimit(limit).build();
            try {
                return connection.call(
                        "read all below " + name, client -> client.getKVClient().get(from, option));
            } catch (RegistryException e) {
                if (limit == 1 || !EtcdErrors.isTooLarge(e)) {
                    throw e;
                }
            }
        }
    }

    private GetOption.Builder range() {
        return GetOption.builder().withRange(end).withKeysOnly(keysOnly);
    }

    private GetResponse await(Future<GetResponse> page) throws RegistryException {
        try {
            return page.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("read all below " + name + ": interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RegistryException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static List<KeyChange> changes(GetResponse page) {
        return page.getKvs().stream().map(SnapshotReader::change).toList();
    }

    static KeyChange change(KeyValue kv) {
        return new KeyChange(EtcdKeys.text(kv.getKey()), EtcdKeys.text(kv.getValue()), kv.getModRevision());
    }
}
