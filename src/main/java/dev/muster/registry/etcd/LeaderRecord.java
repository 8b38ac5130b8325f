package dev.muster.registry.etcd;

import dev.muster.registry.Seat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of {@code /muster/leader/<group>} and {@code /muster/epoch/<group>}. */
final class LeaderRecord {

    private static final String EPOCH = "epoch";

    private LeaderRecord() {}

    /** @param since when it was elected, for people */
    static String encode(String watcher, long epoch, Instant since) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("watcher", watcher);
        members.put(EPOCH, epoch);
        members.put("since", since);
        return Json.text(members);
    }

    static String encode(long epoch) {
        return Json.text(Map.of(EPOCH, epoch));
    }

    /** One that cannot be understood is somebody's all the same, as long as its lease lives. */
    static Seat.Occupant decode(String text, long lease) {
        try {
            JsonObject json = Json.object("leader", text);
            return new Seat.Occupant(json.requireString("watcher"), json.requireNumber(EPOCH), lease);
        } catch (IllegalArgumentException e) {
            return new Seat.Occupant("?", 0, lease);
        }
    }

    /** 0 where it cannot be understood. */
    static long decodeEpoch(String text) {
        try {
            return Json.object(EPOCH, text).requireNumber(EPOCH);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }
}
