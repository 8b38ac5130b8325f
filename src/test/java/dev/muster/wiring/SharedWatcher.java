package dev.muster.wiring;

import dev.muster.cli.Stop;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HaproxyConfig;
import dev.muster.config.HostPort;
import dev.muster.config.HttpConfig;
import dev.muster.config.Manner;
import dev.muster.config.WatcherConfig;
import dev.muster.http.Metrics;
import dev.muster.model.Target;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeProvider;
import dev.muster.provider.Leadership;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.Progress;
import dev.muster.registry.etcd.EtcdCatalogFeed;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdProgress;
import dev.muster.registry.etcd.EtcdReleases;
import dev.muster.watcher.Ambassadors;
import dev.muster.watcher.Bindings;
import dev.muster.watcher.InstanceProbe;
import dev.muster.watcher.RepeatedProbes;
import dev.muster.watcher.Watcher;
import dev.muster.watcher.WatcherStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;

/**
 * A watcher whose one target is shared, as a process of its own: {@code <etcd> <id> <folder> <port of its pages>}. What it
 * does, it writes into {@code <folder>/journal}, which all of them share, with the time of day in milliseconds. While
 * {@code <folder>/gate-<id>} is there, it waits inside each change.
 */
public final class SharedWatcher implements Role {

    static final Duration TTL = Duration.ofSeconds(4);
    static final String GROUP = "haproxy-edge";

    private final Signal signal = new Signal();
    private final Metrics metrics = new Metrics();
    private final EtcdConnection connection;
    private final EtcdCatalogFeed feed;
    private final Progress progress;
    private final Elections elections;
    private final RepeatedProbes probes;
    private final WatcherStatus status;
    private final Watcher watcher;

    private SharedWatcher(URI etcd, String id, Path folder) {
        Time time = Time.system();
        EtcdConfig config = new EtcdConfig(List.of(etcd), "/services", Duration.ofSeconds(2));
        this.connection = new EtcdConnection(config);
        this.feed = new EtcdCatalogFeed(connection, "/services", TTL, time);
        this.progress = new EtcdProgress(connection, TTL, time);
        this.elections = new Elections(config(config, id, folder), connection, time, metrics, signal::wake);
        Provider provider = new Recorded(id, folder, elections.standFor("haproxy"));
        this.probes = new RepeatedProbes(
                new InstanceProbe(), RepeatedProbes.Pace.within(Duration.ofMillis(500)), signal::wake);
        this.status = new WatcherStatus(List.of("haproxy"), new MeasuredWatcher(metrics, List.of("haproxy")));
        this.watcher = new Watcher(
                new Watcher.Registry(feed, progress, new EtcdReleases(connection), elections.byProvider()),
                new Progress.Watcher(id, id, "test", List.of("haproxy"), Map.of(), elections.groups()),
                List.of(provider),
                new Bindings(Ambassadors.NONE),
                probes,
                Duration.ofSeconds(60),
                time,
                RandomGenerator.getDefault(),
                status);
    }

    private static WatcherConfig config(EtcdConfig etcd, String id, Path folder) {
        return new WatcherConfig(
                etcd,
                id,
                id,
                List.of("haproxy"),
                Optional.of("edge"),
                HaproxyConfig.forTcp(folder, "127.0.0.1", "haproxy"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TTL,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                folder,
                false,
                false,
                Manner.LASTING);
    }

    public static void main(String[] args) throws Exception {
        Stop stop = new Stop();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.request();
            Runtime.getRuntime().halt(ended.join());
        }));
        HostPort pages = new HostPort("127.0.0.1", Integer.parseInt(args[3]));
        int code;
        try (SharedWatcher role = new SharedWatcher(URI.create(args[0]), args[1], Path.of(args[2]))) {
            code = new RunningRole(role, stop).run(new HttpConfig(Optional.of(pages)));
        }
        ended.complete(code);
    }

    @Override
    public String name() {
        return "watcher";
    }

    @Override
    public Signal signal() {
        return signal;
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Optional<String> notReady() {
        return status.notReady();
    }

    @Override
    public boolean failFast() {
        return false;
    }

    @Override
    public void begin() {
        feed.start(signal::raise);
        elections.start();
    }

    @Override
    public Duration run(Signal.Look look) {
        return watcher.run(look);
    }

    @Override
    public void ending() {
        elections.resign();
    }

    @Override
    public void leave() {}

    @Override
    public void close() {
        elections.close();
        feed.close();
        probes.close();
        progress.close();
        connection.close();
    }

    /** A target in memory whose every change is in the journal, and that asks before each whether it may. */
    private static final class Recorded implements Provider {
        private final FakeProvider target = new FakeProvider("haproxy");
        private final String id;
        private final Path folder;
        private final Leadership leadership;

        Recorded(String id, Path folder, Leadership leadership) {
            this.id = id;
            this.folder = folder;
            this.leadership = leadership;
        }

        private void note(String what) {
            try {
                String line = System.currentTimeMillis() + " " + id + " " + what + "\n";
                Files.writeString(
                        folder.resolve("journal"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String name() {
            return target.name();
        }

        @Override
        public boolean synchronous() {
            return false;
        }

        @Override
        public SortedMap<String, ServiceTargets> actual() throws ProviderException {
            leadership.epoch().ifPresent(epoch -> note("reads " + epoch));
            return target.actual();
        }

        @Override
        public void apply(Plan plan) throws ProviderException {
            Path gate = folder.resolve("gate-" + id);
            if (Files.exists(gate)) {
                note("waits");
                Awaitility.await().forever().until(() -> Files.notExists(gate));
            }
            if (leadership.epoch().isEmpty()) {
                note("refuses");
                throw new ProviderException("another watcher leads");
            }
            note("writes " + leadership.epoch().getAsLong());
            target.apply(plan);
            leadership.worked();
        }

        @Override
        public SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
                throws ProviderException {
            return target.inFlight(targets);
        }

        @Override
        public void close() {}
    }
}
