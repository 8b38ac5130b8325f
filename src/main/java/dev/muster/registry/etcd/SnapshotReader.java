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

    private final EtcdConnection connection;
    private final String name;
    private final ByteSequence prefix;
    private final ByteSequence end;
    private final int pageSize;
    private final Runnable betweenPages;

    /** All of a prefix, and the revision at which it was that. */
    record Snapshot(long revision, List<KeyChange> keys) {}

    /** @param betweenPages called before each page but the first: where a test compacts */
    SnapshotReader(EtcdConnection connection, String prefix, int pageSize, Runnable betweenPages) {
        this.connection = connection;
        this.name = prefix;
        this.prefix = EtcdKeys.bytes(prefix);
        this.end = OptionsUtil.prefixEndOf(this.prefix);
        this.pageSize = pageSize;
        this.betweenPages = betweenPages;
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
                client -> client.getKVClient()
                        .get(prefix, GetOption.builder().withRange(end).build()));
        long revision = whole.getHeader().getRevision();
        begin.apply(revision).accept(changes(whole));
        return revision;
    }

    private long paged(LongFunction<? extends Consumer<? super List<KeyChange>>> begin) throws RegistryException {
        ByteSequence from = prefix;
        long revision = 0;
        Consumer<? super List<KeyChange>> taker = keys -> {};
        int limit = pageSize;
        while (true) {
            GetResponse page;
            try {
                page = page(from, revision, limit);
            } catch (RegistryException e) {
                if (limit > 1 && EtcdErrors.isTooLarge(e)) {
                    limit /= 2;
                    continue;
                }
                throw e;
            }
            if (revision == 0) {
                revision = page.getHeader().getRevision();
                taker = begin.apply(revision);
            }
            taker.accept(changes(page));
            List<KeyValue> kvs = page.getKvs();
            if (!page.isMore() || kvs.isEmpty()) {
                return revision;
            }
            from = kvs.getLast().getKey().concat(ByteSequence.from(new byte[1]));
            betweenPages.run();
        }
    }

    private GetResponse page(ByteSequence from, long revision, int limit) throws RegistryException {
        GetOption option = GetOption.builder()
                .withRange(end)
                .withRevision(revision)
                .withLimit(limit)
                .build();
        return connection.call(
                "read all below " + name, client -> client.getKVClient().get(from, option));
    }

    private static List<KeyChange> changes(GetResponse page) {
        return page.getKvs().stream().map(SnapshotReader::change).toList();
    }

    static KeyChange change(KeyValue kv) {
        return new KeyChange(EtcdKeys.text(kv.getKey()), EtcdKeys.text(kv.getValue()), kv.getModRevision());
    }
}
