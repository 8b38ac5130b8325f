package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.TargetState;
import dev.muster.registry.Applied;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What holds after every single pass of a watcher, whatever befell its fleet (docs/design.md): S1, what stands is registered
 * or said to be held; S2 and S6, nothing that serves is removed for an absence that proves nothing; S3, the guard's rule,
 * sentence by sentence. S4 and S5 are the provider's own: their tests are there.
 */
final class FleetInvariants {

    private record Size(Instant at, int targets) {}

    private final World world;
    private final SampleFleet fleet;
    private final Map<Target, Instant> missingSince = new HashMap<>();
    private final Map<Target, Instant> heldSince = new HashMap<>();
    private final List<Size> sizes = new ArrayList<>();
    private final List<Instant> departures = new ArrayList<>();
    private final Set<Goodbye> counted = new HashSet<>();

    /** By target, the run that was registered there last: a record is not written while the registry is out of sync. */
    private final Map<Target, Run> lastSeen = new HashMap<>();

    private SortedMap<Target, TargetState> before = new TreeMap<>();
    private Map<Target, Applied.Entry> recorded = Map.of();
    private Catalog catalog =
            new Catalog(0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    private boolean synced;
    private boolean settled;

    FleetInvariants(World world, SampleFleet fleet) {
        this.world = world;
        this.fleet = fleet;
    }

    /** @param seen what the feed shows: what the registry says, where the feed is not wrong on purpose */
    void before(Catalog seen, boolean inSync, Instant unsettledUntil) {
        catalog = inSync ? fleet.catalog() : seen;
        synced = inSync;
        settled = !world.time.now().isBefore(unsettledUntil);
        before = new TreeMap<>(outside());
        recorded = record().map(record -> record.targets().stream()
                        .collect(Collectors.toMap(Applied.Entry::target, entry -> entry, (one, other) -> one)))
                .orElse(Map.of());
        int staying = (int) before.values().stream()
                .filter(as -> !catalog.goodbyes().containsKey(as.instance()))
                .count();
        heldSince.clear();
        record().ifPresent(record -> record.held().forEach(hold -> heldSince.put(hold.target(), hold.since())));
        sizes.add(new Size(world.time.now(), staying));
        for (Goodbye goodbye : catalog.goodbyes().values()) {
            if (counted.add(goodbye)) {
                departures.add(world.time.now());
            }
        }
        lastSeen.keySet().retainAll(before.keySet());
        registered()
                .values()
                .forEach(claims -> claims.forEach(one -> {
                    TargetState stands = before.get(one.instance().target());
                    if (stands != null && stands.instance().equals(one.id())) {
                        lastSeen.put(one.instance().target(), one.instance().run());
                    }
                }));
        Set<Target> registered = registered().keySet();
        before.keySet().forEach(target -> {
            if (!registered.contains(target)) {
                missingSince.putIfAbsent(target, world.time.now());
            }
        });
        missingSince.keySet().removeIf(registered::contains);
    }

    private SortedMap<Target, TargetState> outside() {
        return Optional.ofNullable(world.outside.get(SampleFleet.SERVICE))
                .map(service -> service.targets())
                .orElseGet(TreeMap::new);
    }

    private Optional<Applied> record() {
        return world.progress.record(SampleFleet.SERVICE, World.PROVIDER, World.WATCHER);
    }

    /** Two that claim one endpoint count as one, whichever of them has it. */
    private Map<Target, List<Registration>> registered() {
        return catalog.registrations().values().stream()
                .collect(Collectors.groupingBy(one -> one.instance().target()));
    }

    void after() {
        SortedMap<Target, TargetState> now = outside();
        int expired = 0;
        for (Map.Entry<Target, TargetState> one : before.entrySet()) {
            if (!now.containsKey(one.getKey())) {
                expired += removed(one.getKey(), one.getValue()) ? 1 : 0;
            }
        }
        if (expired > 0) {
            int least = Math.max(1, (largest() + 1) / 2);
            holds("S3 half stays", now.size() >= least, now.size(), "of at least", least, "are left");
        }
        if (world.status.notReady().isEmpty()) {
            everythingIsInItsPlace(now);
        }
    }

    /** Whether its registration had expired, as nobody can tell from an absence alone. */
    private boolean removed(Target target, TargetState was) {
        InstanceId id = was.instance();
        ProbeResult answers = fleet.probe(target);
        boolean elsewhere = catalog.registrations().containsKey(id);
        Optional<Goodbye> goodbye = Optional.ofNullable(catalog.goodbyes().get(id))
                .filter(said -> said.run().equals(lastSeen.get(target))
                        || recordedRun(target, id).map(said.run()::equals).orElse(true));
        if (elsewhere || goodbye.isPresent()) {
            holds("S6", settled || answers == ProbeResult.SILENT, id, "goes while the registry settles");
            return false;
        }
        holds("S6", synced, id, "goes while the registry is out of sync");
        holds("S6", settled, id, "goes while the registry settles");
        holds("S2, S3", answers != ProbeResult.CHECK_PASSES, id, "goes although its check passes");
        Instant since = heldSince.getOrDefault(target, missingSince.getOrDefault(target, world.time.now()));
        boolean anHour = Duration.between(since, world.time.now()).compareTo(Duration.ofHours(1)) >= 0;
        holds("S2, S3", answers == ProbeResult.SILENT || anHour, id, "goes although it accepts connections");
        return true;
    }

    private Optional<Run> recordedRun(Target target, InstanceId id) {
        return Optional.ofNullable(recorded.get(target))
                .filter(entry -> entry.instance().equals(id))
                .map(Applied.Entry::run);
    }

    /** Of the last hour, less those that said goodbye since: never more than the guard goes by. */
    private int largest() {
        Instant now = world.time.now();
        int largest = 0;
        for (Size size : sizes) {
            if (size.at().isAfter(now.minus(Duration.ofMinutes(59)))) {
                int left = (int) departures.stream()
                        .filter(at -> at.isAfter(size.at().minusSeconds(120)))
                        .count();
                largest = Math.max(largest, size.targets() - left);
            }
        }
        return largest;
    }

    private void everythingIsInItsPlace(SortedMap<Target, TargetState> now) {
        Set<Target> held = record().map(
                        record -> record.held().stream().map(Hold::target).collect(Collectors.toSet()))
                .orElse(Set.of());
        Map<Target, List<Registration>> registered = registered();
        now.forEach((target, as) -> {
            boolean known = registered.getOrDefault(target, List.of()).stream()
                    .anyMatch(one -> one.id().equals(as.instance()));
            holds("S1", known || held.contains(target), as, "at", target, "is neither registered nor held");
            boolean saidGoodbye = !known
                    && settled
                    && Optional.ofNullable(catalog.goodbyes().get(as.instance()))
                            .filter(said -> recordedRun(target, as.instance()).equals(Optional.of(said.run())))
                            .isPresent();
            holds("S3 goodbyes", !saidGoodbye, as, "said goodbye and is still there");
        });
        registered
                .keySet()
                .forEach(target -> holds("S2", now.containsKey(target), target, "is registered and not there"));
        checksAndDrains(now, registered);
    }

    private void checksAndDrains(SortedMap<Target, TargetState> now, Map<Target, List<Registration>> registered) {
        if (registered.values().stream().anyMatch(claims -> claims.size() > 1)) {
            return; // whose state counts there is another rule
        }
        int up = 0;
        int failing = 0;
        for (List<Registration> claims : registered.values()) {
            InstanceState state = claims.getFirst().state();
            up += state == InstanceState.UP ? 1 : 0;
            failing += state == InstanceState.DOWN ? 1 : 0;
        }
        boolean open = 2 * up < up + failing;
        boolean lastWasUp = false;
        boolean anyUp = false;
        for (Map.Entry<Target, List<Registration>> one : registered.entrySet()) {
            Registration registration = one.getValue().getFirst();
            TargetState stands = now.get(one.getKey());
            if (stands == null) {
                continue; // S2 has said so
            }
            InstanceState as = stands.state();
            anyUp |= as == InstanceState.UP;
            switch (registration.state()) {
                case UP -> holds("S3 up", as == InstanceState.UP, registration.id(), "is up and not in service");
                case DOWN ->
                    holds(
                            "S3 fail open",
                            (as == InstanceState.UP) == open,
                            registration.id(),
                            "fails its check, with",
                            up,
                            "up and",
                            failing,
                            "failing, and is",
                            as);
                case DRAINING -> {
                    TargetState was = before.get(one.getKey());
                    lastWasUp |= was != null
                            && was.state() == InstanceState.UP
                            && was.instance().equals(registration.id());
                }
            }
        }
        holds("S3 the last one", anyUp || !lastWasUp, "the last one that was up drains");
    }

    /** All is healed, and nobody listens where nobody runs: what stands is what runs, and what half of an hour's size keeps. */
    void inTheEnd() {
        Set<Target> running = fleet.containers.values().stream()
                .filter(one -> one.running)
                .map(one -> one.target)
                .collect(Collectors.toSet());
        SortedMap<Target, TargetState> now = outside();
        assertThat(now.keySet()).as("L4: what runs is there").containsAll(running);
        Set<Target> held = record().map(
                        record -> record.held().stream().map(Hold::target).collect(Collectors.toSet()))
                .orElse(Set.of());
        assertThat(now.keySet())
                .as("L4: what does not run is gone, or held")
                .allMatch(target -> running.contains(target) || held.contains(target));
        assertThat(record().map(Applied::revision).orElse(0L))
                .as("the record's revision")
                .isEqualTo(now.isEmpty() ? 0L : catalog.changedAt().getOrDefault(SampleFleet.SERVICE, 0L));
    }

    private static void holds(String rule, boolean it, Object... words) {
        if (!it) {
            throw new AssertionError(
                    rule + ":" + Arrays.stream(words).map(word -> " " + word).collect(Collectors.joining()));
        }
    }
}
