package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.plan.ProbeResult;
import dev.muster.testkit.Histories;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What befalls a fleet and its watcher, by a seed: deploys, crashes, partitions, restored registries, restarts, outages. */
final class FleetHistory implements Histories.History {

    private static final List<ProbeResult> ANSWERS =
            List.of(ProbeResult.SILENT, ProbeResult.BARE_TCP, ProbeResult.CHECK_PASSES);
    private static final int STEPS = 30;
    private static final Duration B = SampleFleet.TTL.plusSeconds(5);

    private final RandomGenerator random;
    private final WrongWatcher wrong;
    private final int most;
    private final SampleFleet fleet = new SampleFleet();
    private final World world;
    private final FleetInvariants invariants;
    private final List<String> happened = new ArrayList<>();
    private SampleFleet.Backup backup = fleet.backup();
    private Catalog seen = fleet.catalog();
    private boolean watcherCut;
    private boolean providerFails;
    private Instant unsettledUntil = Instant.MIN;

    FleetHistory(long seed, WrongWatcher wrong) {
        this.random = new SplittableRandom(seed);
        this.wrong = wrong;
        this.most = 1 + random.nextInt(8);
        this.world = new World(wrong.guard());
        this.invariants = new FleetInvariants(world, fleet);
        for (int number = 0; number < most; number++) {
            if (random.nextInt(4) > 0) {
                fleet.start(number, number);
            }
        }
    }

    /** @throws AssertionError when something does not hold, on its way or in the end */
    @Override
    public void run() {
        time(Duration.ofSeconds(1));
        for (int step = 0; step < STEPS; step++) {
            befall();
            time(pause());
        }
        heal();
        for (int i = 0; i < 12; i++) {
            time(Duration.ofSeconds(5));
        }
        invariants.inTheEnd();
    }

    private void befall() {
        int number = random.nextInt(most);
        int host = random.nextInt(SampleFleet.HOSTS);
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> {
                int port = random.nextInt(6) == 0 ? random.nextInt(most) : number;
                said("start", number, "at", port);
                fleet.start(number, port);
            }
            case 3, 4 ->
                of(number).filter(one -> one.running).ifPresent(one -> {
                    said("stop", number);
                    fleet.stop(one);
                });
            case 5 -> {
                said("deploy");
                fleet.containers.values().stream().filter(one -> one.running).forEach(fleet::stop);
                time(Duration.ofSeconds(1));
                fleet.containers.values().forEach(one -> fleet.start(one.number, one.number));
            }
            case 6 -> {
                said("crash host", host);
                fleet.crash(host);
            }
            case 7 -> {
                said("cut host", host);
                fleet.cut(host);
            }
            case 8 -> {
                said("cut every host");
                for (int every = 0; every < SampleFleet.HOSTS; every++) {
                    fleet.cut(every);
                }
            }
            case 9, 10 -> {
                said("heal host", host);
                fleet.heal(host);
            }
            case 11, 12 ->
                of(number).ifPresent(one -> {
                    said("check of", number);
                    one.healthy = !one.healthy;
                });
            case 13 ->
                of(number).ifPresent(one -> {
                    said("drain of", number);
                    one.draining = !one.draining;
                });
            case 14 -> {
                said("stranger at", number);
                fleet.stranger(World.target(number), ANSWERS.get(random.nextInt(ANSWERS.size())));
            }
            case 15 -> {
                watcherCut = !watcherCut;
                said("watcher cut", watcherCut);
            }
            case 16 -> {
                if (random.nextBoolean()) {
                    said("backup");
                    backup = fleet.backup();
                } else {
                    said("restore");
                    restore();
                }
            }
            case 17 -> {
                if (!providerFails && !watcherCut) {
                    said("restart");
                    world.restart();
                }
            }
            case 18 -> {
                said("cut short");
                world.provider.cutShortAfter(random.nextInt(3));
            }
            default -> {
                providerFails = !providerFails;
                said("provider fails", providerFails);
                world.provider.outage(providerFails ? Optional.of("down") : Optional.empty());
            }
        }
    }

    private void restore() {
        fleet.restore(backup, world.time.now());
        if (random.nextInt(3) == 0) {
            fleet.restore(new SampleFleet.Backup(new TreeMap<>(), new TreeMap<>(), new TreeMap<>()), world.time.now());
        }
        unsettledUntil = world.time.now().plus(B.multipliedBy(2));
    }

    private Duration pause() {
        return switch (random.nextInt(12)) {
            case 0 -> Duration.ofMinutes(1 + random.nextInt(100));
            case 1, 2 -> Duration.ofSeconds(10 + random.nextInt(20));
            default -> Duration.ofMillis(200 + random.nextInt(4000));
        };
    }

    /** Time goes by, and everybody does what is due. */
    private void time(Duration by) {
        world.time.advance(by);
        fleet.passes(world.time.now());
        show();
        for (int number = 0; number < most; number++) {
            world.probes.answers(World.target(number), fleet.probe(World.target(number)));
        }
        for (int pass = 0; pass < 2; pass++) {
            invariants.before(seen, !watcherCut, unsettledUntil);
            world.pass();
            invariants.after();
            world.time.advance(Duration.ofMillis(100));
        }
    }

    private void show() {
        if (!watcherCut) {
            seen = folded(fleet.catalog());
        }
        world.feed.show(seen, !watcherCut, unsettledUntil, world.time.nanos());
    }

    private Catalog folded(Catalog catalog) {
        TreeMap<InstanceId, Registration> registrations = new TreeMap<>(catalog.registrations());
        if (wrong == WrongWatcher.FOLD_LOSES_DELETIONS) {
            seen.registrations().forEach(registrations::putIfAbsent);
        }
        return new Catalog(
                catalog.revision(),
                registrations,
                catalog.settings(),
                wrong == WrongWatcher.FOLD_LOSES_GOODBYES ? new TreeMap<>() : catalog.goodbyes(),
                catalog.changedAt(),
                catalog.rejected());
    }

    private void heal() {
        said("heal");
        for (int host = 0; host < SampleFleet.HOSTS; host++) {
            fleet.heal(host);
        }
        watcherCut = false;
        providerFails = false;
        world.provider.outage(Optional.empty());
        fleet.containers.values().forEach(one -> fleet.stranger(one.target, ProbeResult.SILENT));
    }

    private Optional<SampleFleet.Container> of(int number) {
        return Optional.ofNullable(fleet.containers.get(number));
    }

    private void said(Object... words) {
        happened.add(world.time.now().toString().substring(11)
                + Arrays.stream(words).map(word -> " " + word).collect(Collectors.joining()));
    }

    @Override
    public String toString() {
        return String.join("; ", happened);
    }
}
