package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a watcher is told.
 *
 * @param watcher its id: the host's name, or {@code <host>.<name>}
 * @param group in which watchers elect a leader for a target that they share: a name beside the provider's, empty for that alone
 * @param templates where files are rendered
 * @param ambassadors where there are any
 * @param route53 where names are kept there
 * @param ttl of its own lease, and the registrations' TTL as far as its waits are concerned
 * @param probeTimeout bound on one probe of an instance whose lease expired
 * @param manner how it goes about it
 */
public record WatcherConfig(
        EtcdConfig etcd,
        String host,
        String watcher,
        List<String> providers,
        Optional<String> group,
        HaproxyConfig haproxy,
        Optional<TemplatesConfig> templates,
        Optional<AmbassadorConfig> ambassadors,
        Optional<Route53Config> route53,
        Duration ttl,
        Duration resync,
        Duration probeTimeout,
        Path stateDir,
        boolean lock,
        boolean failFast,
        Manner manner) {

    public WatcherConfig {
        providers = List.copyOf(providers);
    }

    /** The group of those that share this provider's target. */
    public String groupOf(String provider) {
        return provider + group.map(name -> "-" + name).orElse("");
    }

    /** The groups in which it would stand for election, as far as it is told. */
    public List<String> groups() {
        boolean shares = providers.contains(WatcherSettings.ROUTE53) || group.isPresent();
        return shares ? List.of(groupOf(WatcherSettings.ROUTE53)) : List.of();
    }

    /** The same in another manner. */
    public WatcherConfig in(Manner other) {
        return new WatcherConfig(
                etcd,
                host,
                watcher,
                providers,
                group,
                haproxy,
                templates,
                ambassadors,
                route53,
                ttl,
                resync,
                probeTimeout,
                stateDir,
                lock && !other.dryRun(),
                failFast,
                other);
    }
}
