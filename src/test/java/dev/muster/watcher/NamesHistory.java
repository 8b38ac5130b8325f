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
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.ProbeResult;
import dev.muster.provider.route53.WrongNames;
import dev.muster.provider.route53.ZoneBehindNetwork;
import dev.muster.reconcile.FakeTime;
import dev.muster.registry.FakeProgress;
import dev.muster.registry.FakeReleases;
import dev.muster.registry.Term;
import dev.muster.testkit.Histories;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What befalls two watchers of one group and the zone that they write to, by a seed: instances begin, end, crash and lose
 * their agents; leaders change and do not hear of it; calls are throttled, lost, or done late; a person writes as well.
 */
final class NamesHistory implements Histories.History {

    static final String GROUP = "route53";
    static final List<String> SERVICES = List.of("api", "web");
    static final int SLOTS = 4;
    static final Duration TTL = Duration.ofSeconds(10);

    private static final List<ProbeResult> ANSWERS =
            List.of(ProbeResult.SILENT, ProbeResult.SILENT, ProbeResult.BARE_TCP, ProbeResult.CHECK_PASSES);
    private static final List<String> CHECKS = List.of("none", "tcp", "http/health");
    private static final int STEPS = 25;

    final FakeTime time = new FakeTime();
    final FakeProgress progress = new FakeProgress();
    final FakeReleases releases = new FakeReleases();
    final ZoneBehindNetwork zone;
    final WrongNames wrong;

    final TreeMap<InstanceId, Registration> registrations = new TreeMap<>();
    final TreeMap<InstanceId, Goodbye> goodbyes = new TreeMap<>();
    final Map<InstanceId, Instant> registeredSince = new HashMap<>();
    final Map<Target, ProbeResult> answers = new HashMap<>();

    private final RandomGenerator random;

    /** Whether little else happens than that health checks come and go. */
    private final boolean aboutChecks;

    private final NamesInvariants invariants;
    private final List<NamesWatcher> watchers = new ArrayList<>();
    private final List<String> happened = new ArrayList<>();
    private final TreeMap<String, Long> changedAt = new TreeMap<>();
    private final TreeMap<String, SortedMap<String, String>> settings = new TreeMap<>();
    private Catalog catalog;
    private long revision = 100;
    private int runs;
    private int leader = -1;
    private final Set<Long> epochs = new HashSet<>();
    private long epoch;
    private Optional<NamesWatcher> passing = Optional.empty();

    NamesHistory(long seed, WrongNames wrong) {
        this.random = new SplittableRandom(seed);
        this.aboutChecks = random.nextInt(3) == 0;
        this.wrong = wrong;
        this.invariants = new NamesInvariants(this);
        this.zone = new ZoneBehindNetwork(random, time, wrong, invariants);
        for (String service : SERVICES) {
            settings.put(service, new TreeMap<>(Map.of("dns_name", name(service), "dns_ttl", "60")));
            if (aboutChecks || random.nextInt(4) == 0) {
                ask(service, "dns_routing", "weighted");
                ask(service, "dns_health_check", CHECKS.get(random.nextInt(CHECKS.size())));
            }
            changedAt.put(service, ++revision);
            for (int slot = 0; slot < SLOTS; slot++) {
                answers.put(target(service, slot), ProbeResult.SILENT);
                if (random.nextBoolean()) {
                    start(service, slot);
                }
            }
        }
        this.catalog = folded();
        for (int number = 0; number < 2; number++) {
            watchers.add(new NamesWatcher(this, number, random));
        }
        zone.stranger("other.example.com");
        if (random.nextInt(4) == 0) {
            zone.stranger(name("api"));
        }
    }

    static String name(String service) {
        return service + ".example.com";
    }

    static Target target(String service, int slot) {
        return new Target("203.0.113." + (100 * SERVICES.indexOf(service) + slot + 1), 8000);
    }

    static InstanceId id(String service, int slot) {
        return new InstanceId(service, service + slot);
    }

    Function<Facts, Decision> guard() {
        return wrong == WrongNames.GUARDS_NOTHING
                ? facts -> Guard.decide(new Facts(
                        facts.now(),
                        facts.synced(),
                        facts.unsettledUntil(),
                        new TreeMap<>(),
                        facts.wanted(),
                        facts.goodbyes(),
                        facts.probes(),
                        Optional.empty(),
                        facts.released()))
                : Guard::decide;
    }

    /** Who writes just now, where that is not a batch from long ago. */
    Optional<NamesWatcher> passing() {
        return passing;
    }

    Catalog catalog() {
        return catalog;
    }

    long revision() {
        return revision;
    }

    @Override
    public void run() {
        try {
            live();
        } finally {
            watchers.forEach(NamesWatcher::close);
        }
    }

    private void live() {
        lead(0);
        zone.troubled(true);
        time(Duration.ofSeconds(1));
        for (int step = 0; step < STEPS; step++) {
            befall();
            time(pause());
        }
        heal();
        for (int i = 0; i < 14; i++) {
            time(Duration.ofSeconds(6));
        }
        for (int i = 0; i < 6 && !zone.everyCheckIsNamed(); i++) {
            time(Duration.ofMinutes(16));
        }
        invariants.inTheEnd();
        int batches = zone.batches();
        List<SortedSet<String>> names = invariants.names();
        for (int i = 0; i < 3; i++) {
            time(Duration.ofSeconds(40));
        }
        invariants.nothingWasWrittenSince(batches, names);
    }

    private void befall() {
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        int slot = random.nextInt(SLOTS);
        NamesWatcher one = watchers.get(random.nextInt(watchers.size()));
        if (aboutChecks && random.nextInt(2) == 0) {
            askForCheck(service);
            return;
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> {
                said("start", id(service, slot));
                start(service, slot);
            }
            case 3, 4 -> {
                said("end", id(service, slot));
                end(service, slot);
            }
            case 5, 6 -> {
                ProbeResult answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
                said("lose", id(service, slot), "which answers", answer);
                lose(service, slot, answer);
            }
            case 7 -> {
                said("every agent dies");
                for (String every : SERVICES) {
                    for (int some = 0; some < SLOTS; some++) {
                        lose(every, some, answers.getOrDefault(target(every, some), ProbeResult.SILENT));
                    }
                }
            }
            case 8, 9 -> {
                int next = random.nextInt(watchers.size());
                lead(next);
                said("watcher", next, "leads in", epoch);
            }
            case 10 -> {
                said("watcher", one, "hears who leads");
                one.hear(leader == one.number());
            }
            case 11 -> {
                said("watcher", one, "starts again");
                restart(one);
            }
            case 12 -> {
                one.cut(!one.isCut());
                said("watcher", one, "cut:", one.isCut());
            }
            case 13, 16, 17, 18 -> {
                said("what was late arrives");
                passing = Optional.empty();
                zone.arrive();
            }
            case 19 -> askForCheck(service);
            case 14 -> {
                boolean down = random.nextBoolean();
                said("nobody answers:", down);
                zone.down(down);
            }
            default -> {
                said("etcd has lost its epochs");
                epoch = Math.max(0, epoch - 30);
                lead(random.nextInt(watchers.size()));
            }
        }
    }

    private void askForCheck(String service) {
        if (settings.getOrDefault(service, new TreeMap<>()).containsKey("dns_routing")) {
            String check = CHECKS.get(random.nextInt(CHECKS.size()));
            said(service, "asks for the health check", check);
            ask(service, "dns_health_check", check);
            changed(service);
        }
    }

    private void ask(String service, String setting, String value) {
        SortedMap<String, String> all = new TreeMap<>(settings.getOrDefault(service, new TreeMap<>()));
        all.put(setting, value);
        settings.put(service, all);
    }

    /** The type of the health check that each of its records is to name. */
    Optional<String> check(String service) {
        return switch (settings.getOrDefault(service, new TreeMap<>()).getOrDefault("dns_health_check", "none")) {
            case "tcp" -> Optional.of("TCP");
            case "http/health" -> Optional.of("HTTP");
            default -> Optional.empty();
        };
    }

    private void start(String service, int slot) {
        Target at = target(service, slot);
        InstanceId id = id(service, slot);
        Run run = new Run(id.instance(), "2026-01-01T00:00:00.%06dZ".formatted(++runs));
        registrations.put(
                id,
                new Registration(
                        new Instance(
                                id,
                                "host1",
                                new Addresses(at.address(), ""),
                                at.port(),
                                Protocol.TCP,
                                CheckSpec.TCP,
                                List.of(),
                                100,
                                run,
                                "",
                                "image",
                                "",
                                Map.of(),
                                Map.of(),
                                Map.of()),
                        "host1",
                        InstanceState.UP,
                        ""));
        registeredSince.put(id, time.now());
        goodbyes.remove(id);
        answers.put(at, ProbeResult.CHECK_PASSES);
        changed(service);
    }

    private void end(String service, int slot) {
        InstanceId id = id(service, slot);
        Registration was = registrations.remove(id);
        if (was != null) {
            goodbyes.put(
                    id,
                    new Goodbye(
                            id, Goodbye.Reason.ENDED, "host1", was.instance().run()));
            invariants.departed(service);
            answers.put(target(service, slot), ProbeResult.SILENT);
            changed(service);
        }
    }

    private void lose(String service, int slot, ProbeResult answer) {
        if (registrations.remove(id(service, slot)) != null) {
            answers.put(target(service, slot), answer);
            changed(service);
        }
    }

    private void changed(String service) {
        changedAt.put(service, ++revision);
        catalog = folded();
    }

    private Catalog folded() {
        return new Catalog(
                revision,
                new TreeMap<>(registrations),
                new TreeMap<>(settings),
                new TreeMap<>(goodbyes),
                new TreeMap<>(changedAt),
                new TreeMap<>());
    }

    /** The one that led before may not have heard of it. */
    private void lead(int next) {
        if (leader >= 0 && leader != next) {
            watchers.get(leader).depose(random.nextBoolean());
        }
        leader = next;
        epoch += 10;
        while (!epochs.add(epoch)) {
            epoch++; // no epoch is ever anybody else's: they are not below the time
        }
        seated();
    }

    private void restart(NamesWatcher watcher) {
        watcher.restart();
        if (leader == watcher.number()) {
            leader = -1;
        }
    }

    private void seated() {
        Term term = new Term(GROUP, epoch, epoch);
        progress.leads(term);
        watchers.get(leader).elect(term);
    }

    /** A target carries a later epoch than this watcher's. @return its term from now on */
    Optional<Term> surpassed(NamesWatcher watcher, long seen) {
        if (leader != watcher.number()) {
            watcher.hear(false);
        } else {
            epoch = seen + 1;
            epochs.add(epoch);
            seated();
        }
        return watcher.term();
    }

    private Duration pause() {
        if (aboutChecks && random.nextInt(3) == 0) {
            return Duration.ofMinutes(16); // long enough for one that nothing names to go
        }
        return switch (random.nextInt(12)) {
            case 0 -> Duration.ofMinutes(1 + random.nextInt(100));
            case 1, 2 -> Duration.ofSeconds(10 + random.nextInt(20));
            default -> Duration.ofMillis(200 + random.nextInt(4000));
        };
    }

    /** Time goes by, and everybody does what is due. */
    private void time(Duration by) {
        time.advance(by);
        int first = random.nextInt(watchers.size());
        for (int i = 0; i < 2 * watchers.size(); i++) {
            NamesWatcher watcher = watchers.get((first + i) % watchers.size());
            passing = Optional.of(watcher);
            try {
                watcher.pass();
            } catch (ZoneBehindNetwork.Killed killed) {
                said("watcher", watcher, "is killed in a call");
                restart(watcher);
            }
            time.advance(Duration.ofMillis(100));
        }
        passing = Optional.empty();
    }

    private void heal() {
        said("heal");
        zone.down(false);
        zone.troubled(false);
        while (zone.hasLate()) {
            zone.arrive();
        }
        watchers.forEach(watcher -> watcher.cut(false));
        answers.replaceAll((target, answer) -> registrations.values().stream()
                        .anyMatch(one -> one.instance().addresses().publicIpv4().equals(target.address()))
                ? answer
                : ProbeResult.SILENT);
        lead(random.nextInt(watchers.size()));
        watchers.forEach(watcher -> watcher.hear(watcher.number() == leader));
    }

    private void said(Object... words) {
        happened.add(time.now().toString().substring(11)
                + Arrays.stream(words).map(word -> " " + word).collect(Collectors.joining()));
    }

    @Override
    public String toString() {
        return String.join("; ", happened);
    }
}
