package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Template;
import java.util.HashMap;
import java.util.Map;

/** The values of a {@link Template}'s fields. */
final class InstanceFacts {

    private InstanceFacts() {}

    /** @param port the published one */
    static Map<String, String> of(
            Container container, HostRules rules, String service, String instance, Addresses addresses, int port) {
        Map<String, String> facts = new HashMap<>();
        facts.put("host", rules.host());
        facts.put("service", service);
        facts.put("instance", instance);
        facts.put("container", container.name());
        facts.put("container_id", container.run().containerId());
        facts.put("public_ip", addresses.publicIp());
        facts.put("private_ip", addresses.privateIp());
        facts.put("port", Integer.toString(port));
        facts.put("image", container.image());
        facts.put("tag", ImageReference.parse(container.image()).tag());
        return facts;
    }
}
