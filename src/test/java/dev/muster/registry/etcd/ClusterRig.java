package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three members, one of which is lost while at each of them an owner holds an instance, a feed follows, and somebody writes. */
final class ClusterRig implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(3);

    static final Duration LONG = Duration.ofSeconds(4);

    private static final String WRITTEN = "written";
    private static final Logger LOG = LoggerFactory.getLogger(ClusterRig.class);

    /** How a member is lost. */
    enum Loss {
        DIES,
        HANGS,
        /** It runs, and nobody hears of it: its packets are dropped, those to and from the other members too. */
        FALLS_SILENT
    }

    /** Who is lost. */
    enum Victim {
        FOLLOWER,
        LEADER
    }

    /**
     * What was seen where one member was asked first.
     *
     * @param asked such as {@code the leader}
     * @param losses how often the owner's lease was given up, which its successor may find alive just in time
     * @param changes of the instance's keys while it lasted, by an independent watch
     * @param gapAfterwards for how long the instance was not there once the member was back; see {@link #during}
     * @param longestCall of those that wrote meanwhile, failed ones included
     * @param longCalls how many of those took more than {@link #LONG}
     * @param followed until the feed had the first change that was made afterwards
     */
    record Seen(
            String asked,
            int losses,
            List<EtcdRecorder.Change> changes,
            Duration gapAfterwards,
            Duration longestCall,
            int longCalls,
            Duration followed) {}

    private final EtcdCluster cluster = EtcdCluster.startLinked();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /**
     * An etcd before 3.4.31 and 3.5.13 has a fault (etcd-io/etcd#15247): a leader that stood still revokes, when it goes on,
     * every lease that it has not seen renewed meanwhile. Nobody can prevent that; the owner has to be back at once.
     *
     * @return by the member that was asked first
     */
    List<Seen> during(Loss loss, Victim which) throws Exception {
        EtcdProcess leader = cluster.leader();
        List<EtcdProcess> followers = cluster.followers();
        EtcdProcess victim = which == Victim.LEADER ? leader : followers.getFirst();
        try {
            List<Party> parties = gather(loss);
            EtcdRecorder recorder = open(EtcdRecorder.of(followers.getLast()));
            recorder.clear();
            parties.forEach(Party::begin);
            harm(loss, victim);
            long harmed = System.nanoTime();
            parties.forEach(party -> party.harmed = harmed);
            assertThat(victim.isHealthy()).as("it is lost").isFalse();
            awaitSince(harmed, TTL.multipliedBy(3).plusSeconds(1));
            List<EtcdRecorder.Change> during = recorder.all("/services/web/");
            recorder.clear();
            mend(loss, victim);
            await("mended").atMost(Duration.ofSeconds(20)).until(victim::isHealthy);
            awaitSince(System.nanoTime(), TTL.multipliedBy(2));
            List<EtcdRecorder.Change> afterwards = recorder.all("/services/web/");
            for (Party party : parties) {
                party.end();
            }
            return parties.stream()
                    .map(party ->
                            party.seen(party.asked.equals(leader) ? "the leader" : "a follower", during, afterwards))
                    .peek(seen -> LOG.info("measured: the {} {}: {}", which, loss, seen))
                    .toList();
        } finally {
            closeAll();
        }
    }

    /** The opposite: nobody renews any more. @return until the first of them was gone */
    Duration whenNobodyRenews() throws Exception {
        try {
            List<Party> parties = gather(Loss.DIES);
            EtcdRecorder recorder = open(EtcdRecorder.of(cluster.leader()));
            recorder.clear();
            long left = System.nanoTime();
            parties.forEach(party -> party.store.close());
            recorder.await(TTL.multipliedBy(4), "an expiry", EtcdRecorder.Change::deleted);
            return Duration.ofNanos(System.nanoTime() - left);
        } finally {
            closeAll();
        }
    }

    private void harm(Loss loss, EtcdProcess victim) {
        switch (loss) {
            case DIES -> victim.kill();
            case HANGS -> victim.pause();
            case FALLS_SILENT -> cluster.silence(victim);
        }
    }

    private void mend(Loss loss, EtcdProcess victim) {
        switch (loss) {
            case DIES -> victim.startAgain();
            case HANGS -> victim.unpause();
            case FALLS_SILENT -> cluster.unsilence(victim);
        }
    }

    /** One at each member, over links where these are what fails. */
    private List<Party> gather(Loss loss) throws RegistryException {
        List<URI> endpoints = loss == Loss.FALLS_SILENT
                ? cluster.endpoints()
                : cluster.members().stream().map(EtcdProcess::endpoint).toList();
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            List<URI> rotated = new ArrayList<>(endpoints);
            Collections.rotate(rotated, -i);
            parties.add(open(new Party(i + 1, cluster.members().get(i), rotated)));
        }
        return parties;
    }

    private static void awaitSince(long nanos, Duration passed) {
        await().atMost(passed.plusSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> System.nanoTime() - nanos >= passed.toNanos());
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
    public void close() {
        cluster.close();
    }

    /** An owner, a feed and one who writes, each with a connection of its own to the same member at first. */
    private static final class Party implements AutoCloseable {

        final EtcdProcess asked;
        final RegistrationStore store;
        volatile long harmed = Long.MAX_VALUE;
        private final InstanceId id;
        private final Registration wanted;
        private final List<EtcdConnection> connections;
        private final EtcdCatalogFeed feed;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread keeper = Thread.ofVirtual().unstarted(() -> repeat(this::keepAsAnAgentDoes));
        private final Thread writer = Thread.ofVirtual().unstarted(() -> repeat(this::write));
        private final AtomicLong longestNanos = new AtomicLong();
        private final AtomicInteger losses = new AtomicInteger();
        private final AtomicInteger longCalls = new AtomicInteger();
        private final AtomicLong followedNanos = new AtomicLong();

        Party(int number, EtcdProcess asked, List<URI> endpoints) throws RegistryException {
            this.asked = asked;
            this.id = new InstanceId("web", "web0" + number);
            this.wanted = Registrations.of(id, "host" + number, 18000 + number);
            EtcdConfig config = new EtcdConfig(endpoints, "/services", EtcdConfig.DEFAULT_TIMEOUT);
            this.connections = Stream.generate(() -> new EtcdConnection(config, () -> endpoints))
                    .limit(3)
                    .toList();
            this.store = new EtcdRegistrationStore(
                    connections.getFirst(),
                    new EtcdKeys("/services"),
                    LayoutConfig.DEFAULT,
                    new OwnerIdentity("host" + number, "host" + number, "test", new MachineIdentity("m1", "boot")),
                    TTL,
                    Time.system(),
                    registration -> Set.of(),
                    losses::incrementAndGet);
            store.read();
            store.put(wanted, Optional.empty());
            this.feed = new EtcdCatalogFeed(connections.get(1), "/services", TTL, Time.system());
            feed.start(() -> {});
            await("followed")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> feed.view().isPresent());
        }

        void begin() {
            keeper.start();
            writer.start();
        }

        private void repeat(Runnable act) {
            try {
                do {
                    act.run();
                } while (!over.await(5, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Looks when its lease is no longer sure, and writes what is not there. */
        private void keepAsAnAgentDoes() {
            if (!store.current()) {
                try {
                    if (!store.read().containsKey(id)) {
                        store.put(wanted, Optional.empty());
                    }
                } catch (RegistryException e) {
                    LOG.info("not kept: {}", e.getMessage());
                }
            }
            if (followedNanos.get() == 0 && hasFollowed()) {
                followedNanos.set(System.nanoTime() - harmed);
            }
        }

        /** Whether the feed has something that was written since. */
        private boolean hasFollowed() {
            return feed.view()
                    .map(view -> view.catalog().settings().get("web"))
                    .map(settings -> settings.get(WRITTEN))
                    .filter(text -> Long.parseLong(text) > harmed)
                    .isPresent();
        }

        private void write() {
            long start = System.nanoTime();
            try {
                connections
                        .getLast()
                        .call(
                                "put",
                                client -> client.getKVClient()
                                        .put(
                                                EtcdKeys.bytes("/services/web/" + WRITTEN),
                                                EtcdKeys.bytes(Long.toString(start))));
            } catch (RegistryException e) {
                LOG.info("not written: {}", e.getMessage());
            }
            long took = System.nanoTime() - start;
            longestNanos.accumulateAndGet(took, Math::max);
            if (took > LONG.toNanos()) {
                longCalls.incrementAndGet();
            }
        }

        Seen seen(String place, List<EtcdRecorder.Change> during, List<EtcdRecorder.Change> afterwards) {
            String its = "/services/web/" + id.instance() + "/";
            return new Seen(
                    place,
                    losses.get(),
                    during.stream()
                            .filter(change -> change.key().startsWith(its))
                            .toList(),
                    gap(afterwards.stream()
                            .filter(change -> change.key().equals(its + "owner"))
                            .toList()),
                    Duration.ofNanos(longestNanos.get()),
                    longCalls.get(),
                    Duration.ofNanos(followedNanos.get()));
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

        void end() throws InterruptedException {
            over.countDown();
            for (Thread thread : List.of(keeper, writer)) {
                thread.join();
            }
        }

        @Override
        public void close() throws Exception {
            end();
            feed.close();
            store.close();
            connections.forEach(EtcdConnection::close);
        }
    }
}
