package dev.muster.cli;

import dev.muster.config.AgentConfig;
import dev.muster.config.DevConfig;
import dev.muster.config.DoctorConfig;
import dev.muster.config.EtcdConfig;
import dev.muster.config.HttpConfig;
import dev.muster.config.WatcherConfig;
import dev.muster.doctor.Check;
import dev.muster.model.Catalog;
import dev.muster.plan.Hold;
import dev.muster.provider.Adoption;
import dev.muster.provider.ProviderException;
import dev.muster.registry.Applied;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.Progress;
import dev.muster.registry.Publications;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.Releases;
import dev.muster.registry.Roster;
import dev.muster.registry.SettingStore;
import dev.muster.registry.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Roles that only note what they were told, and a registry that says what the test put there. */
final class RecordedRoles implements Roles {

    final List<Object> told = new ArrayList<>();
    List<Progress.Leader> leaders = List.of(new Progress.Leader("dns", "lb2", 7));

    @Nullable
    Adoption adoption;

    Rehearsal rehearsal = new Rehearsal(List.of(), Optional.empty());
    Callable<Integer> outcome = () -> 0;
    Optional<Catalog> catalog = Optional.empty();
    List<Applied> records = List.of();
    List<Progress.Watcher> watchers = List.of();
    List<Check> checks = List.of();
    List<Roster.Agent> agents = List.of();
    Optional<Publications.Publication> publication = Optional.empty();
    final SortedMap<String, String> settings = new TreeMap<>();
    final List<Release> released = new ArrayList<>();
    Consumer<Release> onRelease = release -> {};
    Optional<ProviderException> adoptFailure = Optional.empty();
    Optional<RegistryException> releaseFailure = Optional.empty();
    Runnable afterStart = () -> {};
    private Runnable changed = () -> {};

    @Override
    public int agent(AgentConfig config, HttpConfig http, Stop stop) throws Exception {
        told.addAll(List.of(config, http));
        return outcome.call();
    }

    @Override
    public int watcher(WatcherConfig config, HttpConfig http, Stop stop) throws Exception {
        told.addAll(List.of(config, http));
        return outcome.call();
    }

    @Override
    public Rehearsal rehearse(WatcherConfig config) {
        told.add(config);
        return rehearsal;
    }

    @Override
    public boolean adopt(WatcherConfig config, String name, Predicate<Adoption> consent) throws ProviderException {
        if (adoptFailure.isPresent()) {
            throw adoptFailure.get();
        }
        told.addAll(List.of(config, name));
        return consent.test(Objects.requireNonNull(adoption));
    }

    @Override
    public int dev(DevConfig config, Stop stop) throws Exception {
        told.add(config);
        return outcome.call();
    }

    @Override
    public List<Check> checks(DoctorConfig config) {
        told.add(config);
        return checks;
    }

    @Override
    public CatalogFeed feed(EtcdConfig config) {
        told.add(config);
        return new CatalogFeed() {
            @Override
            public void start(Runnable listener) {
                changed = listener;
                afterStart.run();
            }

            @Override
            public Optional<View> view() {
                return catalog.map(now -> new View(now, true, Instant.MIN, 0));
            }

            @Override
            public long newest(Set<String> services) {
                throw new AssertionError("a command that reads steers nothing");
            }

            @Override
            public Optional<String> trouble() {
                return Optional.empty();
            }

            @Override
            public void close() {
                told.add("closed");
            }
        };
    }

    @Override
    public Progress progress(EtcdConfig config) {
        return new Progress() {
            @Override
            public void announce(Watcher watcher) {
                throw new AssertionError("a command that reads says nothing");
            }

            @Override
            public List<Watcher> watchers() {
                return watchers;
            }

            @Override
            public List<Applied> records() {
                return records;
            }

            @Override
            public List<Applied> records(String watcher) {
                throw new AssertionError("a command that reads is no watcher");
            }

            @Override
            public List<Leader> leaders() {
                return leaders;
            }

            @Override
            public void write(Collection<Applied> some, Optional<Term> by) {
                throw new AssertionError("a command that reads writes nothing");
            }

            @Override
            public void delete(String service, String provider, String watcher, Optional<Term> by) {
                throw new AssertionError("a command that reads deletes nothing");
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Releases releases(EtcdConfig config) {
        return new Releases() {
            @Override
            public long put(Release release) throws RegistryException {
                released.add(release);
                if (releaseFailure.isPresent()) {
                    throw releaseFailure.get();
                }
                onRelease.accept(release);
                return 18;
            }

            @Override
            public List<Release> standing() {
                return List.copyOf(released);
            }

            @Override
            public void end(Release release) {
                released.remove(release);
            }
        };
    }

    @Override
    public SettingStore settings(EtcdConfig config) {
        return new SettingStore() {
            @Override
            public Optional<String> set(String service, String name, String value) {
                return Optional.ofNullable(settings.put(service + "/" + name, value));
            }

            @Override
            public Optional<String> unset(String service, String name) {
                return Optional.ofNullable(settings.remove(service + "/" + name));
            }

            @Override
            public Optional<String> unset(String service, String name, Release release) {
                released.add(release);
                return unset(service, name);
            }
        };
    }

    @Override
    public Publications publications(EtcdConfig config) {
        return id -> publication;
    }

    @Override
    public Roster roster(EtcdConfig config) {
        return () -> agents;
    }

    /** The catalog is this from now on. */
    void publish(Catalog next) {
        catalog = Optional.of(next);
        changed.run();
    }

    static Applied applied(String service, long revision, List<Applied.Entry> entries, List<Hold> held) {
        return new Applied(
                service,
                "haproxy",
                "lb1",
                revision,
                Instant.EPOCH,
                entries,
                held,
                false,
                new TreeMap<>(),
                Applied.Leaving.NOTHING,
                0);
    }

    /** Of the service web, by a group that keeps its name. */
    static Applied inDns(long revision, Instant at, List<Applied.Entry> entries) {
        return new Applied(
                "web",
                "route53",
                "dns",
                revision,
                at,
                entries,
                List.of(),
                false,
                new TreeMap<>(),
                Applied.Leaving.NOTHING,
                0);
    }

    /** The same record, with something that leaves. */
    static Applied leaving(Applied record, Applied.Leaving leaving) {
        return new Applied(
                record.service(),
                record.provider(),
                record.watcher(),
                record.revision(),
                record.at(),
                record.targets(),
                record.held(),
                record.failOpen(),
                record.sizes(),
                leaving,
                record.released());
    }
}
