package dev.muster.model;

/**
 * An instance together with its owner, as stored in etcd.
 *
 * @param owner the agent that holds it; nobody else may change or remove it
 * @param reason why the state is not {@code UP} ({@code check}, {@code paused}, ...), or empty
 */
public record Registration(Instance instance, String owner, InstanceState state, String reason) {

    /** A failing check took it down: the only reason for which a watcher may keep it in service. */
    public static final String REASON_CHECK = "check";

    /** The engine paused its container. */
    public static final String REASON_PAUSED = "paused";

    public InstanceId id() {
        return instance.id();
    }

    public Registration withState(InstanceState newState, String newReason) {
        return new Registration(instance, owner, newState, newReason);
    }
}
