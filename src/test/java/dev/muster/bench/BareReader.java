package dev.muster.bench;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.options.WatchOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/** The floor: what etcd and its client need to bring all services' keys, or the news of one, to whoever makes nothing of them. */
final class BareReader implements AutoCloseable {

    private static final ByteSequence SERVICES = ByteSequence.from("/services/", StandardCharsets.UTF_8);
    private static final ByteSequence END = OptionsUtil.prefixEndOf(SERVICES);

    private final Client client;
    private final int page;
    private final Watch.Watcher watcher;
    private volatile long newestNanos;

    /** @param page so many keys are read at once */
    BareReader(Client client, int page) {
        this.client = client;
        this.page = page;
        this.watcher = client.getWatchClient()
                .watch(
                        SERVICES,
                        WatchOption.builder().withRange(END).build(),
                        response -> newestNanos = System.nanoTime());
    }

    /** When the newest change arrived ({@link System#nanoTime}). */
    long newestNanos() {
        return newestNanos;
    }

    /** Reads all keys, in pages of one revision. */
    double seconds() throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        ByteSequence from = SERVICES;
        long revision = 0;
        while (true) {
            GetOption option = GetOption.builder()
                    .withRange(END)
                    .withRevision(revision)
                    .withLimit(page)
                    .build();
            GetResponse answer = client.getKVClient().get(from, option).get();
            revision = answer.getHeader().getRevision();
            if (!answer.isMore()) {
                return (System.nanoTime() - begun) / 1e9;
            }
            from = answer.getKvs().getLast().getKey().concat(ByteSequence.from(new byte[1]));
        }
    }

    @Override
    public void close() {
        watcher.close();
    }
}
