package dev.muster.cli;

import dev.muster.config.AgentConfig;
import dev.muster.config.DevConfig;
import dev.muster.config.DoctorConfig;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HttpConfig;
import dev.muster.config.WatcherConfig;
import dev.muster.doctor.Check;
import dev.muster.provider.Adoption;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Progress;
import dev.muster.registry.Publications;
import dev.muster.registry.Releases;
import dev.muster.registry.Roster;
import dev.muster.registry.SettingStore;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the commands need from the rest of the program. The roles run until {@code stop} is requested and return an exit
 * code; a {@link dev.muster.config.UsageException} ends the program with 2, any checked exception with 1, and its message is
 * the one sentence that a person gets.
 */
public interface Roles {

    int agent(AgentConfig config, HttpConfig http, Stop stop) throws Exception;

    int watcher(WatcherConfig config, HttpConfig http, Stop stop) throws Exception;

    /** Looks once at what a watcher of this kind would do, and changes nothing. */
    Rehearsal rehearse(WatcherConfig config) throws Exception;

    /**
     * Takes over what stands at a name and is somebody else's, once {@code consent} has been given.
     *
     * @return whether it was
     */
    boolean adopt(WatcherConfig config, String name, Predicate<Adoption> consent) throws Exception;

    /** Both in one process; an HAProxy that it starts ends with it. Ends when one of the two does. */
    int dev(DevConfig config, Stop stop) throws Exception;

    /** A feed that has not been started. */
    CatalogFeed feed(EtcdConfig config);

    /** The watchers' records, for reading. */
    Progress progress(EtcdConfig config);

    /** What people let go that guards hold. */
    Releases releases(EtcdConfig config);

    /** Where the settings of services are written. */
    SettingStore settings(EtcdConfig config);

    /** How registrations stand in the registry. */
    Publications publications(EtcdConfig config);

    /** The agents' records. */
    Roster roster(EtcdConfig config);

    /** Looks at everything that an agent and a watcher need on this machine; nothing is looked at yet. */
    List<Check> checks(DoctorConfig config);
}
