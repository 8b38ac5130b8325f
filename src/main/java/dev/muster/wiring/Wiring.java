package dev.muster.wiring;

import dev.muster.cli.Roles;
import dev.muster.cli.Stop;
import dev.muster.config.AgentConfig;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HttpConfig;
import dev.muster.config.WatcherConfig;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Progress;

/** The only class that knows which adapter stands behind which port. */
public final class Wiring implements Roles {

    @Override
    public int agent(AgentConfig config, HttpConfig http, Stop stop) throws Exception {
        try (AgentRole role = new AgentRole(config)) {
            return new RunningRole(role, stop).run(http);
        }
    }

    @Override
    public int watcher(WatcherConfig config, HttpConfig http, Stop stop) {
        throw new UnsupportedOperationException("watcher");
    }

    @Override
    public CatalogFeed feed(EtcdConfig config) {
        throw new UnsupportedOperationException("feed");
    }

    @Override
    public Progress progress(EtcdConfig config) {
        throw new UnsupportedOperationException("progress");
    }
}
