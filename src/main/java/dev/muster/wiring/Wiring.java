package dev.muster.wiring;

import dev.muster.cli.Rehearsal;
import dev.muster.cli.Roles;
import dev.muster.cli.Stop;
import dev.muster.config.AgentConfig;
import dev.muster.config.DevConfig;
import dev.muster.config.DoctorConfig;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HttpConfig;
import dev.muster.config.Manner;
import dev.muster.config.WatcherConfig;
import dev.muster.doctor.Check;
import dev.muster.provider.Adoption;
import dev.muster.provider.ProviderException;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Progress;
import dev.muster.registry.Publications;
import dev.muster.registry.Releases;
import dev.muster.registry.Roster;
import dev.muster.registry.SettingStore;
import dev.muster.registry.etcd.EtcdCatalogFeed;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdProgress;
import dev.muster.registry.etcd.EtcdPublications;
import dev.muster.registry.etcd.EtcdReleases;
import dev.muster.registry.etcd.EtcdRoster;
import dev.muster.registry.etcd.EtcdSettingStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The only class that knows which adapter stands behind which port. */
public final class Wiring implements Roles {

    /** Who only reads holds no lease; it is the time for which a replaced etcd is not believed. */
    private static final Duration READERS_TTL = Duration.ofSeconds(10);

    private @Nullable EtcdConnection reading;

    @Override
    public int agent(AgentConfig config, HttpConfig http, Stop stop) throws Exception {
        try (AgentRole role = new AgentRole(config)) {
            return new RunningRole(role, stop).run(http);
        }
    }

    @Override
    public int watcher(WatcherConfig config, HttpConfig http, Stop stop) throws Exception {
        try (WatcherRole role = new WatcherRole(config, false)) {
            return config.manner().once()
                    ? new SingleRun(role, stop, config.manner().within(), Time.system()).run(http)
                    : new RunningRole(role, stop).run(http);
        }
    }

    @Override
    public Rehearsal rehearse(WatcherConfig config) throws Exception {
        try (WatcherRole role = rehearsing(config)) {
            return look(role, config);
        }
    }

    private static WatcherRole rehearsing(WatcherConfig config) {
        return new WatcherRole(config.in(new Manner(true, true, config.manner().within())), false);
    }

    private static Rehearsal look(WatcherRole role, WatcherConfig config) throws Exception {
        return new SingleRun(role, new Stop(), config.manner().within(), Time.system()).look();
    }

    @Override
    public boolean adopt(WatcherConfig config, String name, Predicate<Adoption> consent) throws Exception {
        try (WatcherRole role = rehearsing(config)) {
            Optional<String> unfinished = look(role, config).unfinished();
            if (unfinished.isPresent()) {
                throw new ProviderException("nothing was changed; not looked at to the end: " + unfinished.get());
            }
            Adoption adoption = role.adoption(name);
            boolean wanted = consent.test(adoption);
            if (wanted) {
                adoption.take();
            }
            return wanted;
        }
    }

    @Override
    public int dev(DevConfig config, Stop stop) throws Exception {
        return new DevRoles(stop).run(config);
    }

    @Override
    public CatalogFeed feed(EtcdConfig config) {
        return new EtcdCatalogFeed(reading(config), config.prefix(), READERS_TTL, Time.system());
    }

    @Override
    public Progress progress(EtcdConfig config) {
        return new EtcdProgress(reading(config), READERS_TTL, Time.system());
    }

    @Override
    public List<Check> checks(DoctorConfig config) {
        return new Doctor(this, config).checks();
    }

    @Override
    public Releases releases(EtcdConfig config) {
        return new EtcdReleases(reading(config));
    }

    @Override
    public SettingStore settings(EtcdConfig config) {
        return new EtcdSettingStore(reading(config), config.prefix());
    }

    @Override
    public Publications publications(EtcdConfig config) {
        return new EtcdPublications(reading(config), config.prefix());
    }

    @Override
    public Roster roster(EtcdConfig config) {
        return new EtcdRoster(reading(config));
    }

    /** One connection for all that a command reads; it ends with the command, which ends the process. */
    private EtcdConnection reading(EtcdConfig config) {
        EtcdConnection known = reading;
        if (known == null) {
            known = new EtcdConnection(config);
            reading = known;
        }
        return known;
    }
}
