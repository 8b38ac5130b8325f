package dev.muster.model;

/**
 * An instance that its host wants published once it is healthy.
 *
 * @param checkAt where its own host checks it: the container's own address where it has one, since the engine's proxy
 *     accepts connections on a published port while nothing listens inside
 * @param paused the engine has paused it
 */
public record Candidate(Instance instance, Target checkAt, boolean paused) {

    public InstanceId id() {
        return instance.id();
    }
}
