package dev.muster.cli;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.model.Name;
import dev.muster.model.ServiceSettings;
import dev.muster.registry.UnansweredException;
import java.util.List;
import java.util.Optional;

/** {@code muster unset}. */
final class UnsetCommand implements Command {

    @Override
    public String name() {
        return "unset";
    }

    @Override
    public String summary() {
        return "Take a setting from a service, so that the default holds again";
    }

    @Override
    public Operands operands() {
        return new Operands("SERVICE NAME", 2, 2);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and();
    }

    @Override
    public List<String> examples() {
        return List.of("muster unset web health_url");
    }

    /** What is not a setting of Muster's is somebody else's: an alias, or an instance. */
    @Override
    public int run(Invocation invocation) throws Exception {
        String service = SetCommand.service(invocation.operands().get(0));
        String name = invocation.operands().get(1);
        if (ServiceSettings.find(name).isEmpty()) {
            throw new UsageException("setting '%s': allowed are %s"
                    .formatted(
                            Name.printable(name),
                            String.join(
                                    ", ",
                                    ServiceSettings.all().stream()
                                            .map(setting -> setting.name())
                                            .sorted()
                                            .toList())));
        }
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Optional<String> before;
        try {
            before = invocation.roles().get().settings(etcd).unset(service, name);
        } catch (UnansweredException e) {
            return Unanswered.tell(invocation, e, "muster get " + service);
        }
        SetCommand.say(invocation, service, name, before, Optional.empty());
        return ExitCode.DONE;
    }
}
