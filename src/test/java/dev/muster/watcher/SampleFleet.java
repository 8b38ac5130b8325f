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
import dev.muster.plan.ProbeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Containers of one service on some hosts, their agents, and the registry in which these keep them under leases: what is
 * true, and what the registry says. Everything happens at the moment that it is told.
 */
final class SampleFleet {

    static final String SERVICE = "web";
    static final Duration TTL = Duration.ofSeconds(10);
    static final int HOSTS = 3;

    /** What runs, or ran last, under one number. */
    static final class Container {
        final int number;
        final int host;
        final Run run;
        final Target target;
        boolean running = true;
        boolean healthy = true;
        boolean draining;

        /** Ended so that its agent knows, and has said so or will. */
        boolean toldToEnd;

        private Container(int number, int host, Run run, Target target) {
            this.number = number;
            this.host = host;
            this.run = run;
            this.target = target;
        }

        InstanceId id() {
            return SampleFleet.id(number);
        }
    }

    private record Stored(Registration registration, int host, Instant leaseUntil) {}

    /** What was once in the registry. */
    record Backup(
            TreeMap<InstanceId, Stored> stored,
            TreeMap<InstanceId, Goodbye> goodbyes,
            SortedMap<String, Long> changed) {}

    final SortedMap<Integer, Container> containers = new TreeMap<>();
    private final boolean[] cut = new boolean[HOSTS];
    private TreeMap<InstanceId, Stored> stored = new TreeMap<>();
    private TreeMap<InstanceId, Goodbye> goodbyes = new TreeMap<>();
    private final Map<Target, ProbeResult> strangers = new HashMap<>();
    private long revision = 100;
    private long changedAt = 100;
    private int runs;

    static InstanceId id(int number) {
        return new InstanceId(SERVICE, "web%02d".formatted(number));
    }

    void start(int number, int port) {
        Container before = containers.get(number);
        if (before != null && before.running) {
            return;
        }
        boolean taken = containers.values().stream().anyMatch(one -> one.running && one.target.port() == 18000 + port);
        if (taken) {
            return;
        }
        containers.put(
                number,
                new Container(
                        number,
                        number % HOSTS,
                        new Run("c" + number, "2026-01-01T00:%02d:%02dZ".formatted(runs / 60 % 60, runs++ % 60)),
                        World.target(port)));
    }

    /** It ends, and its agent sees that. */
    void stop(Container one) {
        one.running = false;
        one.toldToEnd = true;
    }

    /** All that runs on a host ends, its agent included: nobody says anything until the host is back. */
    void crash(int host) {
        cut[host] = true;
        containers.values().stream().filter(one -> one.host == host).forEach(one -> one.running = false);
    }

    void cut(int host) {
        cut[host] = true;
    }

    void heal(int host) {
        cut[host] = false;
    }

    /** Somebody else listens there once nobody of ours does; an engine's proxy, for instance. */
    void stranger(Target target, ProbeResult answers) {
        strangers.put(target, answers);
    }

    ProbeResult probe(Target target) {
        return containers.values().stream()
                .filter(one -> one.running && one.target.equals(target))
                .findFirst()
                .map(one -> !one.healthy
                        ? ProbeResult.SILENT
                        : one.number % 2 == 0 ? ProbeResult.CHECK_PASSES : ProbeResult.BARE_TCP)
                .orElse(strangers.getOrDefault(target, ProbeResult.SILENT));
    }

    Backup backup() {
        return new Backup(new TreeMap<>(stored), new TreeMap<>(goodbyes), new TreeMap<>(Map.of(SERVICE, changedAt)));
    }

    /** Leases begin anew in a registry that was restored. */
    void restore(Backup backup, Instant now) {
        stored = new TreeMap<>();
        backup.stored().forEach((id, one) -> stored.put(id, new Stored(one.registration(), one.host(), now.plus(TTL))));
        goodbyes = new TreeMap<>(backup.goodbyes());
        changed();
    }

    /** Agents renew and write what differs; what nobody renews any more expires. */
    void passes(Instant now) {
        for (Container one : containers.values()) {
            if (cut[one.host]) {
                continue;
            }
            Stored there = stored.get(one.id());
            boolean ours =
                    there != null && there.registration().instance().run().equals(one.run);
            if (one.running) {
                publish(one, there, now);
            } else if (ours) {
                // Dead with its host, or ended: its agent is back and finds it stopped.
                stored.remove(one.id());
                goodbyes.put(one.id(), new Goodbye(one.id(), Goodbye.Reason.ENDED, "host" + one.host, one.run));
                changed();
            } else if (there == null && one.toldToEnd && !goodbyes.containsKey(one.id())) {
                goodbyes.put(one.id(), new Goodbye(one.id(), Goodbye.Reason.ENDED, "host" + one.host, one.run));
                changed();
            }
        }
        if (stored.values().removeIf(one -> one.leaseUntil().isBefore(now))) {
            changed();
        }
    }

    private void publish(Container one, @Nullable Stored there, Instant now) {
        Registration wanted = registration(one);
        if (there == null || !there.registration().equals(wanted)) {
            goodbyes.remove(one.id());
            changed();
        }
        stored.put(one.id(), new Stored(wanted, one.host, now.plus(TTL)));
    }

    private static Registration registration(Container one) {
        InstanceState state =
                one.draining ? InstanceState.DRAINING : one.healthy ? InstanceState.UP : InstanceState.DOWN;
        Instance instance = new Instance(
                one.id(),
                "host" + one.host,
                new Addresses("", one.target.address()),
                one.target.port(),
                Protocol.HTTP,
                CheckSpec.TCP,
                List.of(),
                100,
                one.run,
                "",
                "image",
                "",
                Map.of(),
                Map.of());
        return new Registration(
                instance, "host" + one.host, state, state == InstanceState.DOWN ? Registration.REASON_CHECK : "");
    }

    private void changed() {
        revision++;
        changedAt = revision;
    }

    Catalog catalog() {
        SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
        stored.forEach((id, one) -> registrations.put(id, one.registration()));
        return new Catalog(
                revision,
                registrations,
                new TreeMap<>(),
                new TreeMap<>(goodbyes),
                new TreeMap<>(Map.of(SERVICE, changedAt)),
                new TreeMap<>());
    }
}
