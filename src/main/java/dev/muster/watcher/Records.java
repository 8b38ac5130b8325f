package dev.muster.watcher;

import dev.muster.model.Target;
import dev.muster.plan.Spread;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records under one name, this watcher's own or those of a group that it leads: read back at the start, written where
 * they differ. A registry that does not take them delays nothing else: after a failure nothing is tried until a back-off has
 * passed, and what was to be written is written then.
 */
final class Records {

    private static final Logger log = LoggerFactory.getLogger(Records.class);

    /** What one record is about. */
    record Key(String service, String provider) {
        static Key of(Applied record) {
            return new Key(record.service(), record.provider());
        }
    }

    /** One thing to do with the registry. */
    private interface Step {
        void run() throws RegistryException;
    }

    /** Something to be asked of the registry. */
    interface Question<T> {
        T ask() throws RegistryException;
    }

    /** A little less than a second, which is how often the passes come that write it. */
    private static final Duration REPEATED = Duration.ofMillis(900);

    /** Targets in the records that are written at once, which is about half of what etcd takes as one request. */
    private static final int AT_ONCE = 2_000;

    private static final int MOST_AT_ONCE = 100;

    private final Progress progress;
    private final String name;
    private final Optional<Mandate> mandate;
    private final Time time;
    private final Backoff backoff;
    private final Map<Key, Applied> written = new HashMap<>();

    /** To be written, the longest due first. */
    private final Map<Key, Applied> due = new LinkedHashMap<>();

    /** By provider and service, of what its own check fails. */
    private final Map<String, SortedMap<String, SortedSet<Target>>> failing = new HashMap<>();

    private long readings;
    private long failedAt;
    private Duration pause = Duration.ZERO;

    /** @param mandate in which a group's records are written; empty for a watcher's own */
    Records(Progress progress, String name, Optional<Mandate> mandate, Time time, RandomGenerator random) {
        this.progress = progress;
        this.name = name;
        this.mandate = mandate;
        this.time = time;
        this.backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), random);
    }

    /** The watcher, or the group. */
    String name() {
        return name;
    }

    /** Whether it may still write what the records are about. */
    boolean mayWrite() {
        return mandate.map(Mandate::holds).orElse(true);
    }

    /** @return whether it is known by now that this watcher is here */
    boolean announce(Progress.Watcher self) {
        return tried("announce this watcher", () -> progress.announce(self));
    }

    /** Reads them: one that somebody changed or removed is written anew by the next pass. */
    void read() {
        tried("read the records of " + name, () -> {
            List<Applied> found = progress.records(name);
            written.clear();
            found.forEach(record -> written.put(Key.of(record), record));
            readings++;
        });
    }

    /** Whether the records have been read back; until then nobody knows what they say. */
    boolean areRead() {
        return readings > 0;
    }

    /** How often they have been read back. */
    long readings() {
        return readings;
    }

    /** Whether the registry takes records, as far as is known. */
    boolean answers() {
        return areRead() && backoff.failures() == 0;
    }

    Optional<Applied> of(Key key) {
        return Optional.ofNullable(written.get(key));
    }

    /** What it says, or will say as soon as the registry has taken it. */
    Optional<Applied> said(Key key) {
        return Optional.ofNullable(due.get(key)).or(() -> of(key));
    }

    /** Is to be written where it says something else than the one before, or must be said again. */
    void write(Applied newest) {
        Key key = Key.of(newest);
        // How far a change has come is known to whoever made it, which may have been another one.
        Applied record = newest.spread().isPresent()
                ? newest
                : newest.withSpread(said(key).flatMap(Applied::spread));
        record = record.withFailing(failing(key));
        if (!areRead() || saysTheSame(said(key).orElse(null), record)) {
            return;
        }
        if (saysTheSame(written.get(key), record)) {
            due.remove(key);
        } else {
            due.put(key, record);
        }
    }

    /** So far have the newest changes at this provider come by now, by service. */
    void spread(String provider, Map<String, Spread> spreads) {
        spreads.forEach((service, spread) -> said(new Key(service, provider))
                .map(record -> record.withSpread(Optional.of(spread)))
                .ifPresent(this::write));
    }

    /** Of these a check of the provider's own fails by now, by service, and of no others. */
    void failing(String provider, SortedMap<String, SortedSet<Target>> found) {
        SortedMap<String, SortedSet<Target>> before = failing.put(provider, found);
        Set<String> services = new TreeSet<>(found.keySet());
        services.addAll(before == null ? Set.of() : before.keySet());
        services.forEach(service -> said(new Key(service, provider)).ifPresent(this::write));
    }

    private SortedSet<Target> failing(Key key) {
        return failing.getOrDefault(key.provider(), new TreeMap<>()).getOrDefault(key.service(), new TreeSet<>());
    }

    /**
     * Writes some of what is due, so much that it is soon done: first what somebody waits for, then what is due the longest.
     * After a failure one alone, and then the next one, since it may be one that the registry refuses.
     */
    void flush() {
        List<Applied> some = new ArrayList<>();
        int size = 0;
        Comparator<Applied> waitedFor =
                Comparator.comparing(record -> record.leaving().draining().isEmpty());
        for (Applied record : due.values().stream().sorted(waitedFor).toList()) {
            size += AT_ONCE / MOST_AT_ONCE + record.targets().size();
            if (!some.isEmpty() && (size > AT_ONCE || backoff.failures() > 0)) {
                break;
            }
            some.add(record);
        }
        writeNow(some);
    }

    /** Writes all of these, at once. */
    void writeNow(List<Applied> records) {
        if (!areRead() || !mayWrite() || records.isEmpty()) {
            return;
        }
        String others = records.size() == 1 ? "" : " and %d others".formatted(records.size() - 1);
        String what = "write the record of " + records.getFirst().service() + others;
        if (tried(what, () -> progress.write(records, by()))) {
            records.forEach(record -> {
                written.put(Key.of(record), record);
                due.remove(Key.of(record));
            });
        } else {
            for (Applied record : records) {
                if (due.remove(Key.of(record), record)) {
                    due.put(Key.of(record), record);
                }
            }
        }
    }

    /** Whether there is more to {@link #flush}, and a registry that takes it of this watcher. */
    boolean hasMore() {
        return !due.isEmpty() && mayWrite() && answers();
    }

    /** Whether they have not been read, or one of them is to be written, whether the registry takes it or not. */
    boolean isBehind() {
        return !areRead() || !due.isEmpty();
    }

    void delete(Key key) {
        due.remove(key);
        if (areRead() && mayWrite() && written.containsKey(key)) {
            if (tried(
                    "delete the record of " + key.service(),
                    () -> progress.delete(key.service(), key.provider(), name, by()))) {
                written.remove(key);
            }
        }
    }

    /** Those of which there is a record that was read or written. */
    Set<String> services(String provider) {
        Set<String> services = new HashSet<>();
        for (Key key : written.keySet()) {
            if (key.provider().equals(provider)) {
                services.add(key.service());
            }
        }
        return services;
    }

    /** When it was applied does not count, but whoever waits for requests to end hears of them each second. */
    private static boolean saysTheSame(@Nullable Applied before, Applied now) {
        return before != null
                && now.equals(before.withAt(now.at()))
                && !(now.busy() && Duration.between(before.at(), now.at()).abs().compareTo(REPEATED) >= 0);
    }

    /** Reads something else of the registry; empty where it does not answer. */
    <T> Optional<T> ask(String what, Question<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        boolean answered = tried(what, () -> answer.set(question.ask()));
        return answered ? Optional.of(answer.get()) : Optional.empty();
    }

    private Optional<Term> by() {
        return mandate.map(Mandate::term);
    }

    private boolean tried(String what, Step step) {
        if (backoff.failures() > 0 && time.elapsed(failedAt).compareTo(pause) < 0) {
            return false;
        }
        try {
            step.run();
        } catch (RegistryException e) {
            if (backoff.failures() == 0) {
                log.warn("cannot {}, will go on trying: {}", what, e.getMessage());
            }
            failedAt = time.nanos();
            pause = backoff.next();
            return false;
        }
        if (backoff.failures() > 0) {
            log.info("the registry takes records again");
            backoff.succeeded();
        }
        return true;
    }
}
