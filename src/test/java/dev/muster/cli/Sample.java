package dev.muster.cli;

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
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small fleet: what the tests of this package list and compare. */
final class Sample {

    static final String STARTED = "2026-11-21T09:00:00.123456789Z";
    static final Applied.Since SINCE =
            new Applied.Since(Instant.parse("2026-11-21T09:00:00.250Z"), 16, Optional.of(Duration.ofMillis(9)));
    static final String PUBLIC = "203.0.113.1";
    static final Run RUN = new Run("c0ffee", STARTED);

    private Sample() {}

    static Registration registration(String service, String instance, int port, InstanceState state) {
        Instance described = new Instance(
                new InstanceId(service, instance),
                "node1",
                new Addresses("", "10.0.0.1"),
                port,
                Protocol.HTTP,
                CheckSpec.TCP,
                List.of(),
                Instance.DEFAULT_WEIGHT,
                RUN,
                "",
                "shop/web:1.2",
                "1.2",
                Map.of(),
                Map.of());
        String reason = state == InstanceState.DOWN ? Registration.REASON_CHECK : "";
        return new Registration(described, "node1", state, reason);
    }

    /** One that clients outside reach too, and that weighs 7 in DNS. */
    static Registration upInDns(String instance, int port) {
        Instance plain = up("web", instance, port).instance();
        Instance described = new Instance(
                plain.id(),
                plain.host(),
                new Addresses(PUBLIC, "10.0.0.1"),
                port,
                plain.protocol(),
                plain.check(),
                plain.routes(),
                plain.weight(),
                RUN,
                "",
                plain.image(),
                plain.version(),
                Map.of(),
                Map.of("name", "web.example.com", "weight", "7"),
                Map.of());
        return new Registration(described, "node1", InstanceState.UP, "");
    }

    /** The same as it stands in DNS. */
    static Applied.Entry entryInDns(String instance, int port) {
        Applied.Entry there = entry("web", instance, port, InstanceState.UP);
        return new Applied.Entry(
                there.instance(), new Target(PUBLIC, port), RUN, there.check(), InstanceState.UP, 7, "node1", SINCE);
    }

    static Registration up(String service, String instance, int port) {
        return registration(service, instance, port, InstanceState.UP);
    }

    static Catalog catalog(long revision, Registration... registrations) {
        SortedMap<InstanceId, Registration> all = new TreeMap<>();
        SortedMap<String, Long> changed = new TreeMap<>();
        for (Registration registration : registrations) {
            all.put(registration.id(), registration);
            changed.put(registration.id().service(), revision);
        }
        return new Catalog(revision, all, new TreeMap<>(), new TreeMap<>(), changed, new TreeMap<>());
    }

    static Catalog with(Catalog catalog, Goodbye goodbye) {
        SortedMap<InstanceId, Goodbye> goodbyes = new TreeMap<>(catalog.goodbyes());
        goodbyes.put(goodbye.id(), goodbye);
        return new Catalog(
                catalog.revision(),
                catalog.registrations(),
                catalog.settings(),
                goodbyes,
                catalog.changedAt(),
                catalog.rejected());
    }

    static Catalog rejecting(Catalog catalog, Map<String, String> rejected) {
        return new Catalog(
                catalog.revision(),
                catalog.registrations(),
                catalog.settings(),
                catalog.goodbyes(),
                catalog.changedAt(),
                new TreeMap<>(rejected));
    }

    static Applied.Entry entry(String service, String instance, int port, InstanceState state) {
        return new Applied.Entry(
                new InstanceId(service, instance),
                new Target("10.0.0.1", port),
                RUN,
                CheckSpec.TCP,
                state,
                Instance.DEFAULT_WEIGHT,
                "node1",
                SINCE);
    }
}
