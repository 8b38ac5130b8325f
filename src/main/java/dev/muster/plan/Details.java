package dev.muster.plan;

import dev.muster.model.Instance;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of an instance apart from how it is to be treated, for targets that have a place for it. Each text may be
 * empty.
 *
 * @param publicIp as {@link dev.muster.model.Addresses#publicIp()}
 * @param privateIp as {@link dev.muster.model.Addresses#privateIp()}
 * @param attributes anything else its owner says
 */
public record Details(
        String host,
        String publicIp,
        String privateIp,
        String unit,
        String image,
        String version,
        String containerId,
        String startedAt,
        Map<String, String> attributes) {

    /** Of an instance that is known by its target alone. */
    public static final Details UNKNOWN = new Details("", "", "", "", "", "", "", "", Map.of());

    public Details {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** Of an instance of which nothing else matters. */
    public static Details ofAttributes(Map<String, String> attributes) {
        return new Details("", "", "", "", "", "", "", "", attributes);
    }

    public static Details of(Instance instance) {
        return new Details(
                instance.host(),
                instance.addresses().publicIp(),
                instance.addresses().privateIp(),
                instance.unit(),
                instance.image(),
                instance.version(),
                instance.run().containerId(),
                instance.run().startedAt(),
                instance.attributes());
    }
}
