package dev.muster.registry.etcd;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import java.util.LinkedHashMap;
import java.util.Map;

/** The value under a {@code gone/<instance>} key: {@code {"reason":"ended","owner":"host1","container_id":"...","started_at":"..."}}. */
final class GoodbyeJson {

    private GoodbyeJson() {}

    static String encode(Goodbye goodbye) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("reason", goodbye.reason().text());
        members.put("owner", goodbye.owner());
        members.put("container_id", goodbye.run().containerId());
        members.put("started_at", goodbye.run().startedAt());
        return Json.text(members);
    }

    /**
     * @param id the instance that the key names
     * @throws IllegalArgumentException naming the member, the value and what is allowed
     */
    static Goodbye decode(InstanceId id, String text) {
        JsonObject json = Json.object("goodbye", text);
        return new Goodbye(
                id,
                Goodbye.Reason.parse(json.requireString("reason")),
                json.string("owner").orElse(""),
                new Run(
                        json.string("container_id").orElse(""),
                        json.string("started_at").orElse("")));
    }
}
