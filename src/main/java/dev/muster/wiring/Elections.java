package dev.muster.wiring;

import dev.muster.config.WatcherConfig;
import dev.muster.http.Metrics;
import dev.muster.provider.Leadership;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.Candidacy;
import dev.muster.registry.Election;
import dev.muster.registry.Onlooker;
import dev.muster.registry.etcd.EtcdConnection;
import dev.muster.registry.etcd.EtcdSeat;
import dev.muster.watcher.GroupLeadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The elections in which one watcher stands: one for each provider whose target is shared, each on a thread of its own. */
final class Elections implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Elections.class);
    private static final Duration TO_RESIGN = Duration.ofSeconds(3);
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(1);

    /** One candidacy, and the thread that drives it. */
    private record Running(Candidacy candidacy, Thread thread) {}

    private final WatcherConfig config;
    private final EtcdConnection connection;
    private final Time time;
    private final Metrics metrics;
    private final Runnable changed;
    private final Map<String, Election> byProvider = new LinkedHashMap<>();
    private final List<Running> running = new ArrayList<>();

    /** @param changed told when this watcher leads somewhere or no longer does */
    Elections(WatcherConfig config, EtcdConnection connection, Time time, Metrics metrics, Runnable changed) {
        this.config = config;
        this.connection = connection;
        this.time = time;
        this.metrics = metrics;
        this.changed = changed;
    }

    /** Stands for election in this provider's group, from {@link #start} on. Before the watcher is made. */
    Leadership standFor(String provider) {
        String group = config.groupOf(provider);
        if (config.manner().dryRun()) {
            Election onlooker = new Onlooker(group);
            byProvider.put(provider, onlooker);
            return new GroupLeadership(onlooker);
        }
        Signal due = new Signal();
        Candidacy candidacy = new Candidacy(
                new EtcdSeat(connection, group, config.watcher(), config.ttl(), time),
                config.watcher(),
                time,
                RandomGenerator.getDefault(),
                due::wake,
                changed);
        Thread thread = Thread.ofVirtual().name("election " + group).unstarted(() -> drive(candidacy, due));
        byProvider.put(provider, candidacy);
        running.add(new Running(candidacy, thread));
        metrics.gauge(
                "leader",
                "Whether this watcher leads the group",
                () -> candidacy.term().isPresent() ? 1 : 0,
                "group",
                group);
        return new GroupLeadership(candidacy);
    }

    Map<String, Election> byProvider() {
        return new LinkedHashMap<>(byProvider);
    }

    List<String> groups() {
        List<String> groups = new ArrayList<>();
        byProvider.values().forEach(election -> groups.add(election.group()));
        return groups;
    }

    void start() {
        running.forEach(one -> one.thread().start());
    }

    /** Leads nothing any more, and lets others. */
    void resign() {
        running.forEach(one -> one.candidacy().resign());
    }

    /** Resigns, and waits until that is done. */
    @Override
    public void close() {
        resign();
        for (Running one : running) {
            try {
                if (one.thread().getState() != Thread.State.NEW && !one.thread().join(TO_RESIGN)) {
                    one.thread().interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void drive(Candidacy candidacy, Signal due) {
        try {
            for (Duration next = step(candidacy); !candidacy.isOver(); next = step(candidacy)) {
                due.await(next);
            }
        } catch (InterruptedException e) {
            log.debug("group {}: no longer stands", candidacy.group());
        }
    }

    private static Duration step(Candidacy candidacy) {
        try {
            return candidacy.step();
        } catch (RuntimeException e) {
            log.error("group {}: failed, tries again", candidacy.group(), e);
            return AFTER_A_BUG;
        }
    }
}
