package dev.muster.cli;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.model.DnsSettings;
import dev.muster.model.Name;
import dev.muster.model.ServiceSettings;
import dev.muster.model.Target;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.SettingStore;
import dev.muster.registry.UnansweredException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

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
            before = unset(invocation, etcd, service, name);
        } catch (UnansweredException e) {
            return Unanswered.tell(invocation, e, "muster get " + service);
        }
        SetCommand.say(invocation, service, name, before, Optional.empty());
        return ExitCode.DONE;
    }

    private static Optional<String> unset(Invocation invocation, EtcdConfig etcd, String service, String name)
            throws RegistryException {
        SettingStore settings = invocation.roles().get().settings(etcd);
        Optional<Release> parting =
                name.equals(DnsSettings.NAME.name()) ? parting(invocation, etcd, service) : Optional.empty();
        return parting.isPresent() ? settings.unset(service, name, parting.get()) : settings.unset(service, name);
    }

    /**
     * Whoever leads sees a name go and knows that it was meant. One that leads later sees only that it is not asked for, as it
     * would if the setting were lost, and would hold it for ever: so it is told.
     */
    private static Optional<Release> parting(Invocation invocation, EtcdConfig etcd, String service)
            throws RegistryException {
        try (Progress progress = invocation.roles().get().progress(etcd)) {
            Set<String> groups = new TreeSet<>();
            SortedSet<Target> targets = new TreeSet<>();
            progress.records().stream()
                    .filter(record -> record.service().equals(service)
                            && record.provider().equals(Places.ROUTE53))
                    .forEach(record -> {
                        groups.add(record.watcher());
                        record.targets().forEach(entry -> targets.add(entry.target()));
                    });
            if (!groups.isEmpty()) {
                progress.leaders().forEach(leader -> groups.remove(leader.group()));
            }
            return groups.isEmpty() || targets.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Release(
                            service,
                            Places.ROUTE53,
                            targets,
                            "muster unset",
                            invocation.time().now(),
                            0,
                            true));
        }
    }
}
