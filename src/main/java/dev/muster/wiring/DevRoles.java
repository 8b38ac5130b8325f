package dev.muster.wiring;

import dev.muster.cli.Stop;
import dev.muster.config.DevConfig;
import dev.muster.config.HttpConfig;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Agent and watcher side by side: when one ends, so does the other. */
final class DevRoles {

    private final Stop stop;

    DevRoles(Stop stop) {
        this.stop = stop;
    }

    /** @return the worse of the two exit codes */
    int run(DevConfig config) throws Exception {
        try (WatcherRole watcher = new WatcherRole(config.watcher(), true);
                AgentRole agent = new AgentRole(config.agent())) {
            FutureTask<Integer> watching = new FutureTask<>(() -> run(watcher, config.watcherHttp()));
            Thread.ofPlatform().name("watcher-role").start(watching);
            int agents;
            try {
                agents = run(agent, config.agentHttp());
            } catch (Exception e) {
                // Nothing may be closed while it is in use.
                await(watching);
                throw e;
            }
            return Math.max(agents, await(watching));
        }
    }

    private int run(Role role, HttpConfig http) throws Exception {
        try {
            return new RunningRole(role, stop).run(http);
        } finally {
            stop.request();
        }
    }

    private static int await(FutureTask<Integer> running) throws Exception {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
