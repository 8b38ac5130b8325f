package dev.muster.model;

import java.util.Comparator;

/** Identity of an instance: its service and its name within that service, both by the grammar of {@link Name}. */
public record InstanceId(String service, String instance) implements Comparable<InstanceId> {

    private static final Comparator<InstanceId> ORDER =
            Comparator.comparing(InstanceId::service).thenComparing(InstanceId::instance);

    public InstanceId {
        Name.require("service", service);
        Name.require("instance", instance);
    }

    @Override
    public int compareTo(InstanceId other) {
        return ORDER.compare(this, other);
    }

    /** {@code service/instance}. */
    @Override
    public String toString() {
        return service + "/" + instance;
    }
}
