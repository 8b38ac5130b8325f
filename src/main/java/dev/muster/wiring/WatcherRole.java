package dev.muster.wiring;

import dev.muster.cli.Foreseen;
import dev.muster.config.AmbassadorConfig;
import dev.muster.config.HaproxyConfig;
import dev.muster.config.Route53Config;
import dev.muster.config.Version;
import dev.muster.config.WatcherConfig;
import dev.muster.http.Metrics;
import dev.muster.http.Timing;
import dev.muster.plan.Effect;
import dev.muster.process.TiedFolder;
import dev.muster.provider.Adopter;
import dev.muster.provider.Adoption;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.provider.Rehearsed;
import dev.muster.provider.haproxy.HaproxyProvider;
import dev.muster.provider.route53.Route53Provider;
import dev.muster.provider.template.TemplateProvider;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.OwnerLock;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Releases;
import dev.muster.registry.UnwrittenProgress;
import dev.muster.registry.UnwrittenReleases;
import dev.muster.registry.etcd.EtcdCatalogFeed;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdProgress;
import dev.muster.registry.etcd.EtcdReleases;
import dev.muster.registry.etcd.EtcdSecrets;
import dev.muster.watcher.Ambassadors;
import dev.muster.watcher.Bindings;
import dev.muster.watcher.InstanceProbe;
import dev.muster.watcher.Probes;
import dev.muster.watcher.RepeatedProbes;
import dev.muster.watcher.Watcher;
import dev.muster.watcher.WatcherStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watcher and all that stands behind its ports, from its lock to its end. */
final class WatcherRole implements Role {

    private static final Logger log = LoggerFactory.getLogger(WatcherRole.class);
    private static final String HAPROXY = "haproxy";
    private static final String TEMPLATE = "template";
    private static final String AMBASSADOR = "ambassador";
    private static final String ROUTE53 = "route53";

    private final WatcherConfig config;
    private final boolean dry;
    private final Optional<OwnerLock> lock;
    private final Signal signal = new Signal();
    private final EtcdConnection connection;
    private final EtcdCatalogFeed feed;
    private final Progress progress;
    private final Elections elections;
    private final List<TiedFolder> folders = new ArrayList<>();
    private final List<Provider> providers;
    private final Map<String, Rehearsed> rehearsed = new LinkedHashMap<>();
    private Optional<Adopter> adopter = Optional.empty();
    private final Probes probes;
    private final WatcherStatus status;
    private final Watcher watcher;
    private final Metrics metrics = new Metrics();

    /** @param tied whether what it starts ends with this process */
    WatcherRole(WatcherConfig config, boolean tied) {
        this.config = config;
        this.lock = config.lock()
                ? Optional.of(OwnerLock.take(config.stateDir(), "watcher", config.watcher()))
                : Optional.empty();
        Time time = Time.system();
        this.connection = new EtcdConnection(config.etcd());
        this.feed = new EtcdCatalogFeed(
                connection,
                config.etcd().prefix(),
                config.ttl(),
                time,
                config.ambassadors().map(AmbassadorConfig::ports).orElse(new TreeMap<>()));
        this.dry = config.manner().dryRun();
        Progress records = new EtcdProgress(connection, config.ttl(), time);
        this.progress = dry ? new UnwrittenProgress(records) : records;
        Releases releases = new EtcdReleases(connection);
        this.elections = new Elections(config, connection, time, metrics, signal::wake);
        this.providers = config.providers().stream()
                .map(name -> rehearsed(provider(name, tied)))
                .toList();
        this.probes = new RepeatedProbes(
                new InstanceProbe(), RepeatedProbes.Pace.within(config.probeTimeout()), signal::wake);
        this.status = new WatcherStatus(config.providers(), new MeasuredWatcher(metrics, config.providers()), dry);
        this.watcher = new Watcher(
                new Watcher.Registry(
                        feed, progress, dry ? new UnwrittenReleases(releases) : releases, elections.byProvider()),
                new Progress.Watcher(
                        config.watcher(),
                        config.host(),
                        Version.current(),
                        config.providers(),
                        Map.of(),
                        elections.groups()),
                providers,
                new Bindings(config.ambassadors().map(WatcherRole::ambassadors).orElse(Ambassadors.NONE)),
                probes,
                config.resync(),
                time,
                RandomGenerator.getDefault(),
                status);
        measure();
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
        return config.failFast();
    }

    @Override
    public void begin() throws RegistryException {
        if (config.failFast() || config.manner().once()) {
            connection.look();
        }
        feed.start(signal::raise);
        elections.start();
    }

    @Override
    public Duration run(Signal.Look look) {
        return watcher.run(look);
    }

    /** What there is still to do, in words. By the thread that runs the passes. */
    Optional<String> unfinished() {
        return watcher.unfinished();
    }

    /** What was found, target by target. */
    List<Foreseen> foreseen() {
        return config.providers().stream()
                .map(name -> new Foreseen(
                        name,
                        Optional.ofNullable(rehearsed.get(name))
                                .map(Rehearsed::effects)
                                .orElse(List.of()),
                        status.holds(name),
                        List.copyOf(status.refusals(name))))
                .toList();
    }

    /** What it would be to take over what stands at a name, after a look. */
    Adoption adoption(String name) throws ProviderException {
        return adopter.orElseThrow().adoption(name, rehearsed(ROUTE53).asked());
    }

    private Rehearsed rehearsed(String provider) {
        return Objects.requireNonNull(rehearsed.get(provider), provider);
    }

    @Override
    public void ending() {
        elections.resign();
    }

    /** What serves goes on serving, as it is. */
    @Override
    public void leave() {}

    @Override
    public void close() throws IOException {
        elections.close();
        feed.close();
        probes.close();
        progress.close();
        providers.forEach(Provider::close);
        for (TiedFolder folder : folders) {
            folder.close();
        }
        connection.close();
        if (lock.isPresent()) {
            lock.get().close();
        }
    }

    private Provider rehearsed(Provider provider) {
        if (!dry) {
            return provider;
        }
        String name = provider.name();
        Rehearsed only = new Rehearsed(
                provider,
                effect -> log.info("{} (dry run): {} {}: {}", name, would(effect), effect.service(), effect.what()));
        rehearsed.put(name, only);
        return only;
    }

    private static String would(Effect effect) {
        return switch (effect.kind()) {
            case ADD -> "would add to";
            case UPDATE -> "would change of";
            case REMOVE -> "would remove from";
        };
    }

    private Provider provider(String name, boolean tied) {
        return switch (name) {
            case HAPROXY -> new HaproxyProvider(HAPROXY, config.haproxy(), tied, signal::wake);
            case TEMPLATE -> new TemplateProvider(config.templates().orElseThrow(), System::nanoTime);
            case AMBASSADOR -> ambassador(config.ambassadors().orElseThrow());
            case ROUTE53 -> route53(config.route53().orElseThrow());
            default -> throw new IllegalStateException("no provider is called " + name);
        };
    }

    private Provider route53(Route53Config route53) {
        Timing insync = metrics.timing(
                "insync_seconds",
                "From a batch's being accepted to every name server's having it",
                "provider",
                ROUTE53);
        Route53Provider provider = new Route53Provider(
                route53,
                elections.standFor(ROUTE53),
                this::secret,
                System::nanoTime,
                new SecureRandom(),
                insync::record);
        adopter = Optional.of(provider);
        metrics.gauge(
                "insync_waiting",
                "Batches that not every name server has yet",
                provider::underWay,
                "provider",
                ROUTE53);
        route53.roles()
                .keySet()
                .forEach(role -> metrics.gauge(
                        "aws_unread",
                        "1 while the account of a role cannot be read or written",
                        () -> provider.isUnread(role) ? 1 : 0,
                        "api",
                        ROUTE53,
                        "role",
                        role));
        metrics.counter("aws_calls", "Calls made, tries included", provider::calls, "api", ROUTE53);
        metrics.counter("aws_throttled", "Of these, the ones that came too soon", provider::throttled, "api", ROUTE53);
        return provider;
    }

    private Optional<String> secret(String path) throws ProviderException {
        try {
            return new EtcdSecrets(connection).read(path);
        } catch (RegistryException e) {
            throw new ProviderException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Its HAProxy is nobody else's: it comes and goes with this process, and so does all that it needs. */
    private Provider ambassador(AmbassadorConfig ambassador) {
        TiedFolder folder;
        try {
            folder = TiedFolder.create("muster-ambassador");
        } catch (IOException e) {
            throw new IllegalStateException("no temporary folder can be made for an ambassador: " + e.getMessage(), e);
        }
        folders.add(folder);
        HaproxyConfig haproxy = HaproxyConfig.forTcp(
                folder.path(), ambassador.address(), config.haproxy().binary());
        return new HaproxyProvider(AMBASSADOR, haproxy, true, signal::wake);
    }

    private static Ambassadors ambassadors(AmbassadorConfig config) {
        return new Ambassadors(config.ports(), config.masterOnly(), config.excluded(), config.publicAddress());
    }

    private void measure() {
        metrics.counter("events", "Changes of the registry that arrived", feed::events, "source", "etcd");
        metrics.counter("reconnects", "Connections made anew", connection::reconnects, "to", "etcd");
        metrics.counter(
                "rewatches", "Watches made anew, from the revision that the last one had reached", feed::rewatches);
        metrics.counter(
                "rereads", "Whole readings of the registry after the first", () -> Math.max(0, feed.rereads() - 1));
        metrics.gauge(
                "rejected_entries",
                "Entries of the registry that are set aside",
                () -> feed.view()
                        .map(view -> (double) view.catalog().rejected().size())
                        .orElse(Double.NaN));
        metrics.gauge(
                "source_staleness_seconds",
                "Since when the registry cannot be read",
                () -> feed.staleSince()
                        .map(since ->
                                Duration.between(since, Time.system().now()).toMillis() / 1e3)
                        .orElse(0.0));
    }
}
