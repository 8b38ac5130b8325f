package dev.muster.watcher;

import dev.muster.model.Addresses;
import dev.muster.model.Catalog;
import dev.muster.model.CheckSpec;
import dev.muster.model.Goodbye;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.Hold;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeProvider;
import dev.muster.reconcile.FakeTime;
import dev.muster.reconcile.Signal;
import dev.muster.registry.Applied;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Election;
import dev.muster.registry.FakeCatalogFeed;
import dev.muster.registry.FakeElection;
import dev.muster.registry.FakeProgress;
import dev.muster.registry.FakeReleases;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A fleet, its registry, one watcher and one balancer, in memory and in a test's own time. Instance N is at port 18000+N. */
final class World {

    static final String WATCHER = "lb1";
    static final String PROVIDER = "haproxy";
    private static final Signal.Look TIMER = new Signal.Look(false, Set.of());

    final FakeTime time = new FakeTime();
    final FakeCatalogFeed feed = new FakeCatalogFeed();
    final FakeProgress progress = new FakeProgress();
    final FakeReleases releases = new FakeReleases();
    final FakeProbes probes = new FakeProbes();
    final FakeMetrics metrics = new FakeMetrics();
    final SortedMap<String, ServiceTargets> outside = new TreeMap<>();
    final FakeProvider provider;
    private final Function<Facts, Decision> guard;
    private final Optional<FakeElection> election;
    WatcherStatus status;
    private Watcher watcher;

    private final SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
    private final SortedMap<InstanceId, Goodbye> goodbyes = new TreeMap<>();
    private final SortedMap<String, Long> changedAt = new TreeMap<>();
    private long revision = 100;
    private boolean synced = true;
    private final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, List<Route>>> routes = new TreeMap<>();
    private Instant unsettledUntil = Instant.MIN;

    World() {
        this(PROVIDER, Guard::decide);
    }

    World(String providerName) {
        this(providerName, Guard::decide);
    }

    /** @param guard in place of the guard */
    World(Function<Facts, Decision> guard) {
        this(PROVIDER, guard);
    }

    private World(String providerName, Function<Facts, Decision> guard) {
        this(providerName, guard, Optional.empty());
    }

    /** @param group whose leader alone steers the balancer; empty where it is nobody else's */
    private World(String providerName, Function<Facts, Decision> guard, Optional<String> group) {
        this.provider = new FakeProvider(providerName, outside);
        this.guard = guard;
        this.election = group.map(name -> new FakeElection(name, progress));
        this.status = new WatcherStatus(List.of(providerName), metrics);
        this.watcher = start();
    }

    /** A balancer that several watchers share. Nobody leads yet. */
    static World shared(String group) {
        return new World(PROVIDER, Guard::decide, Optional.of(group));
    }

    FakeElection election() {
        return election.orElseThrow();
    }

    /** And this watcher has not heard of it. */
    void anotherLeads(long epoch) {
        progress.leads(new Term(election().group(), epoch, epoch));
    }

    /** Another watcher has written this. */
    void recorded(Applied record) {
        try {
            progress.write(record);
        } catch (RegistryException e) {
            throw new IllegalStateException(e);
        }
    }

    private Watcher start() {
        status = new WatcherStatus(List.of(provider.name()), metrics);
        return new Watcher(
                new Watcher.Registry(
                        feed,
                        progress,
                        releases,
                        election.<Map<String, Election>>map(one -> Map.of(provider.name(), one))
                                .orElse(Map.of())),
                new Progress.Watcher(WATCHER, "host1", "test", List.of(provider.name()), Map.of()),
                List.of(provider),
                new Bindings(Ambassadors.NONE),
                probes,
                Duration.ofSeconds(60),
                time,
                new Random(1),
                status,
                guard);
    }

    /** The watcher dies, and another one begins without its memory. */
    void restart() {
        probes.close();
        watcher = start();
    }

    /** One pass, and how long it wants to wait. */
    Duration pass() {
        return watcher.run(TIMER);
    }

    /** Passes until nothing is left to do: the second one sees what the probes of the first have found. */
    void settle() {
        pass();
        pass();
    }

    void after(Duration duration) {
        time.advance(duration);
    }

    static Target target(int number) {
        return new Target("10.0.0.1", 18000 + number);
    }

    static InstanceId id(String service, int number) {
        return new InstanceId(service, "%s%02d".formatted(service, number));
    }

    void up(String service, int... numbers) {
        for (int number : numbers) {
            put(service, number, 1, InstanceState.UP, "");
        }
        publish();
    }

    void is(String service, int number, InstanceState state, String reason) {
        put(service, number, 1, state, reason);
        publish();
    }

    void put(String service, int number, int run, InstanceState state, String reason, Route... routes) {
        put(service, number, run, state, reason, Protocol.HTTP, routes);
    }

    void put(
            String service,
            int number,
            int run,
            InstanceState state,
            String reason,
            Protocol protocol,
            Route... routes) {
        register(id(service, number), number, run, state, reason, protocol, routes);
    }

    /** Another instance at the endpoint of this number. */
    void claim(String service, String instance, int number, int run) {
        register(new InstanceId(service, instance), number, run, InstanceState.UP, "", Protocol.HTTP);
    }

    private void register(
            InstanceId id,
            int number,
            int run,
            InstanceState state,
            String reason,
            Protocol protocol,
            Route... routes) {
        Instance instance = new Instance(
                id,
                "host1",
                new Addresses("", "10.0.0.1"),
                18000 + number,
                protocol,
                CheckSpec.TCP,
                List.of(routes),
                100,
                run(id, run),
                "",
                "image",
                "",
                Map.of(),
                Map.of());
        registrations.put(id, new Registration(instance, "host1", state, reason));
        goodbyes.remove(id);
        changed(id.service());
    }

    private static Run run(InstanceId id, int run) {
        return new Run(id.instance(), "2026-01-01T00:00:%02dZ".formatted(run));
    }

    void expire(String service, int... numbers) {
        for (int number : numbers) {
            registrations.remove(id(service, number));
        }
        changed(service);
        publish();
    }

    void goodbye(String service, int... numbers) {
        for (int number : numbers) {
            sayGoodbye(service, number, 1);
        }
        publish();
    }

    void sayGoodbye(String service, int number, int run) {
        InstanceId id = id(service, number);
        registrations.remove(id);
        goodbyes.put(id, new Goodbye(id, Goodbye.Reason.ENDED, "host1", run(id, run)));
        changed(service);
    }

    /** The registry changes; the watcher's feed does not see it. */
    void unseen(Runnable change) {
        Optional<CatalogFeed.View> before = feed.view();
        change.run();
        before.ifPresent(view -> feed.show(view.catalog(), view.synced(), view.unsettledUntil(), view.receivedNanos()));
    }

    private void changed(String service) {
        revision++;
        changedAt.put(service, revision);
    }

    /** The registry says of every service that it has changed. */
    void changeAll() {
        revision++;
        changedAt.replaceAll((service, at) -> revision);
        feed.view().ifPresent(view -> publish());
    }

    void synced(boolean now) {
        synced = now;
        publish();
    }

    void unsettledFor(Duration duration) {
        unsettledUntil = time.now().plus(duration);
        publish();
    }

    long revision() {
        return revision;
    }

    /** A person sets something of a service; null takes it back. */
    void set(String service, String setting, @Nullable String value) {
        SortedMap<String, String> ofService = new TreeMap<>(settings.getOrDefault(service, new TreeMap<>()));
        if (value == null) {
            ofService.remove(setting);
        } else {
            ofService.put(setting, value);
        }
        settings.put(service, ofService);
        changed(service);
        publish();
    }

    /** The registry comes back without them, and nothing says that they have changed. */
    void loseSettings() {
        settings.clear();
    }

    /** Another host's containers give these routes to a service. */
    void routes(String service, String owner, Route... given) {
        SortedMap<String, List<Route>> ofService = new TreeMap<>(routes.getOrDefault(service, new TreeMap<>()));
        ofService.put(owner, List.of(given));
        routes.put(service, ofService);
        changed(service);
        publish();
    }

    /** The feed shows the registry as it is. */
    void publish() {
        feed.show(
                new Catalog(
                        revision,
                        new TreeMap<>(registrations),
                        new TreeMap<>(settings),
                        new TreeMap<>(goodbyes),
                        new TreeMap<>(changedAt),
                        new TreeMap<>(),
                        new TreeMap<>(routes)),
                synced,
                unsettledUntil,
                time.nanos());
    }

    void answer(ProbeResult result, int... numbers) {
        Arrays.stream(numbers).forEach(number -> probes.answers(target(number), result));
    }

    /** What stands in the balancer: {@code web01 web02~ web03_}, or the word "none" where the service is not there. */
    String balancer(String service) {
        ServiceTargets found = outside.get(service);
        return found == null
                ? "none"
                : found.targets().values().stream()
                        .map(as -> as.instance().instance()
                                + switch (as.state()) {
                                    case UP -> "";
                                    case DRAINING -> "~";
                                    case DOWN -> "_";
                                })
                        .collect(Collectors.joining(" "));
    }

    Applied record(String service) {
        return progress.record(service, provider.name(), WATCHER).orElseThrow();
    }

    boolean hasRecord(String service) {
        return progress.record(service, provider.name(), WATCHER).isPresent();
    }

    /** What a balancer may still have of a service of which nobody knows anything. */
    SortedMap<String, ServiceTargets> leftovers(String service, int... numbers) {
        up(service, numbers);
        pass();
        return outside;
    }

    List<String> held(String service) {
        return record(service).held().stream()
                .map(Hold::instance)
                .map(InstanceId::instance)
                .toList();
    }
}
