package dev.muster.registry.etcd;

import dev.muster.registry.OwnerIdentity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The value of {@code /muster/agents/<owner>}: who publishes under this name.
 *
 * @param lease the lease that its registrations share
 * @param ttlSeconds the time to live that was asked for; etcd may have granted more
 * @param engine the state of its container engine: {@code unknown}, {@code reachable} or {@code unreachable}
 */
record AgentRecord(
        String machineId, String bootId, long lease, long ttlSeconds, String host, String version, String engine) {

    static final String UNKNOWN_ENGINE = "unknown";

    /** Of a process that has neither a lease nor looked at its engine yet. */
    static AgentRecord of(OwnerIdentity identity, Duration ttl) {
        return new AgentRecord(
                identity.machine().machineId(),
                identity.machine().bootId(),
                0,
                ttl.toSeconds(),
                identity.host(),
                identity.version(),
                UNKNOWN_ENGINE);
    }

    String encode() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("machine_id", machineId);
        members.put("boot_id", bootId);
        members.put("lease", Long.toHexString(lease));
        members.put("ttl", ttlSeconds);
        members.put("host", host);
        members.put("version", version);
        members.put("engine", engine);
        return Json.text(members);
    }

    /** @throws IllegalArgumentException naming the member, the value and what is allowed */
    static AgentRecord decode(String text) {
        JsonObject json = Json.object("agent", text);
        return new AgentRecord(
                json.requireString("machine_id"),
                json.string("boot_id").orElse(""),
                Long.parseUnsignedLong(json.requireString("lease"), 16),
                json.number("ttl").orElse(0L),
                json.string("host").orElse(""),
                json.string("version").orElse(""),
                json.string("engine").orElse(UNKNOWN_ENGINE));
    }

    AgentRecord withLease(long newLease) {
        return new AgentRecord(machineId, bootId, newLease, ttlSeconds, host, version, engine);
    }

    AgentRecord withEngine(String newEngine) {
        return new AgentRecord(machineId, bootId, lease, ttlSeconds, host, version, newEngine);
    }
}
