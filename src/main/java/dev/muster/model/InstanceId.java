package dev.muster.model;

/** Identity of an instance: its service and its name within that service, both by the grammar of {@link Name}. */
public record InstanceId(String service, String instance) implements Comparable<InstanceId> {

    public InstanceId {
        Name.require("service", service);
        Name.require("instance", instance);
    }

    /** By hand: a fleet is sorted by it many times over. */
    @Override
    @SuppressWarnings("ReferenceEquality") // what is mostly the very same name need not be compared
    public int compareTo(InstanceId other) {
        int order = service == other.service ? 0 : service.compareTo(other.service);
        return order != 0 ? order : instance.compareTo(other.instance);
    }

    /** {@code service/instance}. */
    @Override
    public String toString() {
        return service + "/" + instance;
    }
}
