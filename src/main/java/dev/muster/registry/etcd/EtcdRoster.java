package dev.muster.registry.etcd;

import dev.muster.registry.RegistryException;
import dev.muster.registry.Roster;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records below {@code /muster/agents/}; a malformed one is left out with a line in the log. */
public final class EtcdRoster implements Roster {

    private static final Logger log = LoggerFactory.getLogger(EtcdRoster.class);
    private static final int PAGE = 500;

    private final EtcdConnection connection;

    public EtcdRoster(EtcdConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Agent> agents() throws RegistryException {
        List<Agent> agents = new ArrayList<>();
        for (KeyChange read : new SnapshotReader(connection, EtcdKeys.agents(), PAGE, () -> {})
                .read()
                .keys()) {
            String owner = read.key().substring(EtcdKeys.agents().length());
            try {
                AgentRecord record = AgentRecord.decode(String.valueOf(read.value()));
                agents.add(new Agent(owner, record.host(), record.version(), record.engine()));
            } catch (IllegalArgumentException e) {
                log.warn("the record of agent '{}' is left out: {}", owner, e.getMessage());
            }
        }
        return List.copyOf(agents);
    }
}
