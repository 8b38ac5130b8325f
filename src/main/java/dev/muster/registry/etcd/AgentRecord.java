package dev.muster.registry.etcd;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The value of {@code /muster/agents/<owner>}: who publishes under this name.
 *
 * @param lease the lease that its registrations share
 * @param engine the state of its container engine: {@code unknown}, {@code reachable} or {@code unreachable}
 */
record AgentRecord(String machineId, String bootId, long lease, String host, String version, String engine) {

    String encode() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("machine_id", machineId);
        members.put("boot_id", bootId);
        members.put("lease", Long.toHexString(lease));
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
                json.string("host").orElse(""),
                json.string("version").orElse(""),
                json.string("engine").orElse("unknown"));
    }

    AgentRecord withLease(long newLease) {
        return new AgentRecord(machineId, bootId, newLease, host, version, engine);
    }

    AgentRecord withEngine(String newEngine) {
        return new AgentRecord(machineId, bootId, lease, host, version, newEngine);
    }
}
