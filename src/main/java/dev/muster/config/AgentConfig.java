package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that an agent is told.
 *
 * @param docker the container engine; empty for none
 * @param owner this agent's identity: the host's name, or a sidecar's, unless {@code --agent-id} says otherwise
 * @param publicAddress from the flag; empty where it is to be found
 * @param resync how often everything is looked at again
 * @param lock whether the machine's lock on the owner is taken
 * @param allowedAliases places, without a slash at the end, below which aliases may stand besides their own service
 * @param sidecar empty for the agent of a whole host
 * @param statics what it registers without a container
 */
public record AgentConfig(
        EtcdConfig etcd,
        Optional<EngineConfig> docker,
        String host,
        String owner,
        Duration ttl,
        Duration resync,
        Path stateDir,
        boolean lock,
        OnStop onStop,
        Optional<String> publicAddress,
        Optional<String> privateAddress,
        boolean containerAddresses,
        boolean optIn,
        LayoutConfig layouts,
        List<String> allowedAliases,
        CheckConfig check,
        boolean failFast,
        NamingConfig naming,
        Optional<SidecarConfig> sidecar,
        StaticConfig statics) {

    /** What becomes of the registrations when the agent is stopped. */
    public enum OnStop {
        /** They stay under the lease; the next start adopts them. */
        KEEP,
        /** They are withdrawn with a goodbye. */
        DRAIN
    }

    /**
     * The default check's timing.
     *
     * @param interval between two checks of a healthy instance
     * @param rise passes in a row that make it healthy
     * @param fall failures in a row that make it fail
     */
    public record CheckConfig(Duration interval, Duration timeout, int rise, int fall) {
        public static final CheckConfig DEFAULT = new CheckConfig(Duration.ofSeconds(2), Duration.ofSeconds(1), 1, 3);
    }
}
