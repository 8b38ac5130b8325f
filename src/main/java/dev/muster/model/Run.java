package dev.muster.model;

/**
 * One run of one container: a restart under the same id is another run.
 *
 * @param containerId the engine's full id (64 hex digits with Docker)
 * @param startedAt the engine's {@code State.StartedAt}, kept as it was written (RFC 3339 with nanoseconds)
 */
public record Run(String containerId, String startedAt) {

    /** {@code containerId@startedAt}. */
    @Override
    public String toString() {
        return containerId + "@" + startedAt;
    }
}
