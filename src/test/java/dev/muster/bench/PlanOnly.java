package dev.muster.bench;

import dev.muster.config.EtcdConfig;
import dev.muster.plan.Change;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Provider;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.Progress;
import dev.muster.registry.etcd.EtcdCatalogFeed;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdProgress;
import dev.muster.registry.etcd.EtcdReleases;
import dev.muster.testkit.UnmeasuredWatcher;
import dev.muster.watcher.Ambassadors;
import dev.muster.watcher.Bindings;
import dev.muster.watcher.InstanceProbe;
import dev.muster.watcher.RepeatedProbes;
import dev.muster.watcher.Watcher;
import dev.muster.watcher.WatcherStatus;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * A watcher with all of its parts but the last: its balancer is a map in memory, which is at once what a plan says. So that
 * planning is what is measured. Tells each plan as a line: when it was there, how long after its newest change had arrived,
 * how many changes it has, and which instances it updates.
 */
public final class PlanOnly {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final String PROVIDER = "haproxy";

    private PlanOnly() {}

    /** @param args the last is etcd's endpoint */
    public static void main(String[] args) throws Exception {
        Time time = Time.system();
        Signal signal = new Signal();
        EtcdConnection connection = new EtcdConnection(
                new EtcdConfig(List.of(URI.create(args[args.length - 1])), "/services", Duration.ofSeconds(5)));
        EtcdCatalogFeed feed = new EtcdCatalogFeed(connection, "/services", TTL, time);
        Lines lines = new Lines(feed, System.out);
        Watcher watcher = new Watcher(
                new Watcher.Registry(feed, new EtcdProgress(connection, TTL, time), new EtcdReleases(connection)),
                new Progress.Watcher("bench", "bench", "bench", List.of(PROVIDER), Map.of()),
                List.of(lines),
                new Bindings(Ambassadors.NONE),
                new RepeatedProbes(
                        new InstanceProbe(), RepeatedProbes.Pace.within(Duration.ofSeconds(1)), signal::wake),
                Duration.ofSeconds(60),
                time,
                RandomGenerator.getDefault(),
                new WatcherStatus(List.of(PROVIDER), new UnmeasuredWatcher()));
        feed.start(signal::raise);
        new ReconcileLoop(
                        "watcher",
                        signal,
                        watcher,
                        new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), RandomGenerator.getDefault()),
                        time)
                .start();
        new CountDownLatch(1).await(); // until it is killed
    }

    /** The balancer. */
    private static final class Lines implements Provider {
        private final EtcdCatalogFeed feed;
        private final PrintStream out;
        private SortedMap<String, ServiceTargets> there = new TreeMap<>();

        Lines(EtcdCatalogFeed feed, PrintStream out) {
            this.feed = feed;
            this.out = out;
        }

        @Override
        public String name() {
            return PROVIDER;
        }

        @Override
        public boolean synchronous() {
            return true;
        }

        @Override
        public SortedMap<String, ServiceTargets> actual() {
            return there;
        }

        @Override
        public void apply(Plan plan) {
            long now = System.nanoTime();
            there = plan.desired();
            StringBuilder line = new StringBuilder();
            line.append("plan ")
                    .append(now)
                    .append(' ')
                    .append(now - feed.view().orElseThrow().receivedNanos())
                    .append(' ')
                    .append(plan.changes().size());
            plan.changes().forEach(change -> {
                if (change instanceof Change.Update update) {
                    line.append(' ').append(update.to().instance());
                }
            });
            out.println(line);
        }

        @Override
        public void close() {}
    }
}
