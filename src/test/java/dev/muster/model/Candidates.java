package dev.muster.model;

import java.util.List;
import java.util.Map;

/** Candidates for tests: each at an address and port of its own. */
public final class Candidates {

    public static final String STARTED_AT = "2026-01-01T00:00:00Z";

    private Candidates() {}

    public static Candidate of(String service, String instance, String run) {
        return of(service, instance, run, CheckSpec.TCP);
    }

    public static Candidate of(String service, String instance, String run, CheckSpec check) {
        return at(service, instance, run, check, "10.0.0.1");
    }

    /** @param address the host's */
    public static Candidate at(String service, String instance, String run, CheckSpec check, String address) {
        return at(new InstanceId(service, instance), new Run(run, STARTED_AT), check, address);
    }

    /** One of several runs. */
    public static Candidate of(InstanceId id, Run run) {
        return at(id, run, CheckSpec.TCP, "10.0.0.1");
    }

    private static Candidate at(InstanceId id, Run run, CheckSpec check, String address) {
        int port = 20_000 + Math.floorMod(id.hashCode(), 10_000);
        Instance what = new Instance(
                id,
                "host1",
                new Addresses("", address),
                port,
                Protocol.HTTP,
                check,
                List.of(),
                Instance.DEFAULT_WEIGHT,
                run,
                "",
                "image",
                "",
                Map.of(),
                Map.of());
        return new Candidate(what, new Target("172.17.0.2", port), false);
    }

    public static Candidate paused(Candidate candidate) {
        return new Candidate(candidate.instance(), candidate.checkAt(), true);
    }
}
