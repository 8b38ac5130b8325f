package dev.muster.cli;

import dev.muster.config.AgentConfig;
import dev.muster.config.AgentSettings;
import dev.muster.config.Durations;
import dev.muster.config.RoleSettings;
import dev.muster.config.Setting;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** {@code muster agent}. */
final class AgentCommand implements Command {

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String summary() {
        return "Keep this host's serving containers registered in etcd";
    }

    @Override
    public List<Setting<?>> settings() {
        return AgentSettings.all();
    }

    @Override
    public List<String> examples() {
        return List.of(
                "muster agent --etcd-endpoints http://10.0.0.5:2379",
                "muster agent --opt-in --on-stop drain",
                "muster agent --unit web@01.service --service web",
                "muster agent --docker none --static web/web01=8080");
    }

    @Override
    public boolean lasting() {
        return true;
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        AgentConfig config = AgentSettings.from(invocation.settings());
        warnOf(config.ttl());
        return invocation.roles().get().agent(config, AgentSettings.http(invocation.settings()), invocation.stop());
    }

    static void warnOf(Duration ttl) {
        if (RoleSettings.shortTtl(ttl)) {
            LoggerFactory.getLogger(AgentCommand.class)
                    .warn(
                            "{} {}: below 6s a short outage of the network is enough to lose registrations",
                            RoleSettings.TTL.flag(),
                            Durations.format(ttl));
        }
    }
}
