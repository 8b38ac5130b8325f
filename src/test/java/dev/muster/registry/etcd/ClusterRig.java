package dev.muster.registry.etcd;

import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.config.LayoutConfig;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.MachineIdentity;
import dev.muster.registry.OwnerIdentity;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdCluster;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three members, one of which something happens to while an owner holds an instance, a feed follows, and somebody writes. */
final class ClusterRig implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(ClusterRig.class);
    private static final InstanceId WEB = new InstanceId("web", "web01");
    private static final String INSTANCE = "/services/web/web01/";
    private static final Registration WANTED = Registrations.of(WEB, "host1", 18001);

    /** Whom it happens to, and whom the owner is asking at that time. */
    enum Case {
        FOLLOWER_THAT_IS_ASKED,
        LEADER_THAT_IS_ASKED,
        LEADER_BEHIND_THE_FOLLOWER_THAT_IS_ASKED
    }

    /**
     * What was seen of it.
     *
     * @param changes of the instance's keys while it lasted, by an independent watch
     * @param gapAfterwards for how long the instance was not there once the member was back; see {@link #during}
     * @param longestCall of those that wrote meanwhile, failed ones included
     * @param failedCalls of those
     * @param followed until the feed had the first change that was made afterwards
     * @param expiredAfter until the keys went, once nobody renewed any more: the opposite
     */
    record Seen(
            List<EtcdRecorder.Change> changes,
            Duration gapAfterwards,
            Duration longestCall,
            int failedCalls,
            Duration followed,
            Duration expiredAfter) {}

    final EtcdCluster cluster;
    private final List<AutoCloseable> opened = new ArrayList<>();

    ClusterRig() {
        this(EtcdCluster.start());
    }

    ClusterRig(EtcdCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * An etcd before 3.4.31 and 3.5.13 has a fault (etcd-io/etcd#15247): a leader that stood still revokes, when it goes on,
     * every lease that it has not seen renewed meanwhile. Nobody can prevent that; the owner has to be back at once.
     */
    Seen during(Case which, Consumer<EtcdProcess> harm, Consumer<EtcdProcess> mend) throws Exception {
        EtcdProcess leader = cluster.leader();
        List<EtcdProcess> followers = cluster.followers();
        EtcdProcess victim = which == Case.FOLLOWER_THAT_IS_ASKED ? followers.getFirst() : leader;
        EtcdProcess asked = which == Case.LEADER_BEHIND_THE_FOLLOWER_THAT_IS_ASKED ? followers.getFirst() : victim;
        EtcdProcess witness = followers.getLast();
        RegistrationStore store = store(connect(asked));
        store.read();
        store.put(WANTED, Optional.empty());
        EtcdCatalogFeed feed = open(new EtcdCatalogFeed(connect(asked), "/services", TTL, Time.system()));
        feed.start(() -> {});
        await("followed").atMost(Duration.ofSeconds(10)).until(() -> feed.view().isPresent());
        EtcdRecorder recorder = open(EtcdRecorder.of(witness));
        recorder.clear();
        try (Writer writer = new Writer(connect(asked))) {
            harm.accept(victim);
            long harmed = System.nanoTime();
            Duration followed = Duration.ZERO;
            while (System.nanoTime() - harmed < TTL.multipliedBy(4).toNanos()) {
                keepAsAnAgentDoes(store);
                if (followed.isZero() && writer.isSeenBy(feed, harmed)) {
                    followed = Duration.ofNanos(System.nanoTime() - harmed);
                }
                Thread.onSpinWait();
            }
            List<EtcdRecorder.Change> changes = recorder.all(INSTANCE);
            recorder.clear();
            mend.accept(victim);
            await("mended").atMost(Duration.ofSeconds(20)).until(victim::isHealthy);
            long mended = System.nanoTime();
            while (System.nanoTime() - mended < TTL.multipliedBy(2).toNanos()) {
                keepAsAnAgentDoes(store);
                Thread.onSpinWait();
            }
            Duration gap = gap(recorder.all(INSTANCE + "owner"));
            LOG.info(
                    "measured: {}: {} changes, gap afterwards {} ms, longest call {} ms, {} of {} failed, followed after {} ms",
                    which,
                    changes.size(),
                    gap.toMillis(),
                    writer.longestNanos.get() / 1_000_000,
                    writer.failed.get(),
                    writer.calls.get(),
                    followed.toMillis());
            long left = System.nanoTime();
            store.close();
            recorder.await(
                    TTL.multipliedBy(4),
                    "its expiry",
                    change -> change.nanos() > left
                            && change.deleted()
                            && change.key().equals(INSTANCE + "owner"));
            return new Seen(
                    changes,
                    gap,
                    Duration.ofNanos(writer.longestNanos.get()),
                    writer.failed.get(),
                    followed,
                    Duration.ofNanos(System.nanoTime() - left));
        } finally {
            closeAll();
        }
    }

    /** Looks when its lease is no longer sure, and writes what is not there. */
    private static void keepAsAnAgentDoes(RegistrationStore store) {
        if (!store.current()) {
            try {
                if (!store.read().containsKey(WEB)) {
                    store.put(WANTED, Optional.empty());
                }
            } catch (RegistryException e) {
                LOG.info("not kept: {}", e.getMessage());
            }
        }
    }

    /** From the first deletion to the last publication; for ever where it has not come back. */
    private static Duration gap(List<EtcdRecorder.Change> changes) {
        if (changes.isEmpty()) {
            return Duration.ZERO;
        }
        EtcdRecorder.Change last = changes.getLast();
        return last.deleted()
                ? Duration.ofSeconds(Long.MAX_VALUE)
                : Duration.ofNanos(last.nanos() - changes.getFirst().nanos());
    }

    private EtcdConnection connect(EtcdProcess first) {
        List<URI> endpoints = new ArrayList<>(cluster.endpoints());
        Collections.rotate(endpoints, -cluster.members().indexOf(first));
        EtcdConfig config = new EtcdConfig(endpoints, "/services", EtcdConfig.DEFAULT_TIMEOUT);
        return open(new EtcdConnection(config, () -> endpoints));
    }

    private RegistrationStore store(EtcdConnection connection) {
        OwnerIdentity identity = new OwnerIdentity("host1", "host1", "test", new MachineIdentity("m1", "boot"));
        return open(new EtcdRegistrationStore(
                connection,
                new EtcdKeys("/services"),
                LayoutConfig.DEFAULT,
                identity,
                TTL,
                Time.system(),
                registration -> Set.of(),
                () -> {}));
    }

    private <T extends AutoCloseable> T open(T each) {
        opened.add(each);
        return each;
    }

    private void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        opened.clear();
    }

    @Override
    public void close() throws Exception {
        closeAll();
        cluster.close();
    }

    /** Puts a setting again and again, and counts. */
    private static final class Writer implements AutoCloseable {

        final AtomicLong longestNanos = new AtomicLong();
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final EtcdConnection connection;
        private final Thread thread = Thread.ofVirtual().unstarted(this::write);

        Writer(EtcdConnection connection) {
            this.connection = connection;
            thread.start();
        }

        private void write() {
            while (!over.get()) {
                long start = System.nanoTime();
                try {
                    String now = Long.toString(start);
                    connection.call(
                            "put",
                            client -> client.getKVClient()
                                    .put(EtcdKeys.bytes("/services/web/written"), EtcdKeys.bytes(now)));
                } catch (RegistryException e) {
                    failed.incrementAndGet();
                    LOG.info("not written: {}", e.getMessage());
                }
                calls.incrementAndGet();
                longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
            }
        }

        /** Whether the feed has something that was written since. */
        boolean isSeenBy(EtcdCatalogFeed feed, long nanos) {
            return feed.view()
                    .map(view -> view.catalog().settings().get("web"))
                    .map(settings -> settings.get("written"))
                    .filter(written -> Long.parseLong(written) > nanos)
                    .isPresent();
        }

        @Override
        public void close() throws InterruptedException {
            over.set(true);
            thread.join();
        }
    }
}
