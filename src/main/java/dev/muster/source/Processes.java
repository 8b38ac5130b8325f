package dev.muster.source;

import dev.muster.config.SidecarConfig;
import dev.muster.config.StaticEntry;
import dev.muster.model.Addresses;
import dev.muster.model.Candidate;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.model.UnitName;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Processes that run in no container, as instances. Nobody tells when such a process was started, so a run of it is one
 * endpoint from its first sight on: an agent that is started again goes on with the run that is published, and at another
 * endpoint it is another run, which has to show first that it serves. Used by one thread.
 */
public final class Processes {

    /** What stands in a run where a container's id would. */
    static final String NO_CONTAINER = "static-";

    private record Endpoint(InstanceId id, Addresses addresses, int port) {
        static Endpoint of(Instance instance) {
            return new Endpoint(instance.id(), instance.addresses(), instance.port());
        }
    }

    private final HostRules rules;
    private final StaticFile entries;
    private final Time time;
    private final RandomGenerator random;
    private final Map<Endpoint, Run> runs = new HashMap<>();

    /** @param entries asked for at each look; they must be kept to {@link #check} */
    public Processes(HostRules rules, StaticFile entries, Time time, RandomGenerator random) {
        this.rules = rules;
        this.entries = entries;
        this.time = time;
        this.random = random;
    }

    /** What an earlier life of this agent registered. */
    public void known(Registration registration) {
        Instance instance = registration.instance();
        if (instance.run().containerId().startsWith(NO_CONTAINER)) {
            runs.putIfAbsent(Endpoint.of(instance), instance.run());
        }
    }

    /** All of them, now; runs of others are forgotten. */
    public List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (StaticEntry entry : entries.entries()) {
            Addresses addresses = addresses(entry, rules);
            Endpoint endpoint = new Endpoint(entry.id(), addresses, entry.port());
            candidates.add(candidate(entry, addresses, runs.computeIfAbsent(endpoint, first -> begin())));
        }
        runs.keySet()
                .retainAll(candidates.stream()
                        .map(candidate -> Endpoint.of(candidate.instance()))
                        .collect(Collectors.toSet()));
        return candidates;
    }

    /** How long until a change of them may be believed; empty where there is none. */
    public Optional<Duration> unsettled() {
        return entries.unsettled();
    }

    /** @throws IllegalArgumentException naming an entry that cannot be registered from this host */
    public static void check(List<StaticEntry> entries, HostRules rules) {
        entries.forEach(entry -> addresses(entry, rules));
    }

    private Candidate candidate(StaticEntry entry, Addresses addresses, Run run) {
        Instance instance = new Instance(
                entry.id(),
                rules.host(),
                addresses,
                entry.port(),
                entry.protocol(),
                entry.protocol() == Protocol.UDP ? CheckSpec.NONE : CheckSpec.TCP,
                List.of(),
                Instance.DEFAULT_WEIGHT,
                run,
                rules.sidecar().flatMap(SidecarConfig::unit).map(UnitName::name).orElse(""),
                "",
                "",
                Map.of(),
                Map.of());
        return new Candidate(instance, new Target(addresses.preferred(), entry.port()), false);
    }

    private Run begin() {
        return new Run(
                NO_CONTAINER + HexFormat.of().toHexDigits(random.nextLong()),
                time.now().toString());
    }

    /** The same rules as for a published port: where other machines reach it, and 127.0.0.1 only if that is the host's. */
    private static Addresses addresses(StaticEntry entry, HostRules rules) {
        Optional<String> given = entry.address();
        if (given.isEmpty()) {
            return rules.addresses();
        }
        return rules.placed(given.get())
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: no other machine reaches it at %s: name an address of this host, or none"
                                .formatted(entry.id(), given.get())));
    }
}
