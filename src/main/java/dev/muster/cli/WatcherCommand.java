package dev.muster.cli;

import dev.muster.config.Setting;
import dev.muster.config.WatcherConfig;
import dev.muster.config.WatcherSettings;
import java.util.List;

/** {@code muster watcher}. */
final class WatcherCommand implements Command {

    @Override
    public String name() {
        return "watcher";
    }

    @Override
    public String summary() {
        return "Keep load balancers, names, files and ambassadors in step with what is registered in etcd";
    }

    @Override
    public List<Setting<?>> settings() {
        return WatcherSettings.all();
    }

    @Override
    public List<String> examples() {
        return List.of(
                "muster watcher --etcd-endpoints http://10.0.0.5:2379",
                "muster watcher --haproxy-run --haproxy-bind '*:80'",
                "muster watcher --provider template --templates /etc/muster/templates",
                "muster watcher --provider route53 --route53-zones example.com",
                "muster watcher --provider route53 --route53-zones example.com --dry-run --once",
                "muster watcher --ambassador postgres:5432 --master-only");
    }

    @Override
    public boolean lasting() {
        return true;
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        WatcherConfig config = WatcherSettings.from(invocation.settings(), invocation.environment());
        AgentCommand.warnOf(config.ttl());
        return invocation.roles().get().watcher(config, WatcherSettings.http(invocation.settings()), invocation.stop());
    }
}
