package dev.muster.watcher;

import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.reconcile.Time;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.Releases;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people let go that the guard holds. Looked for only while something is held, or while something stands that was
 * obeyed. Its effect comes first, then this watcher's record says that it was obeyed, and then it is ended, by the last
 * watcher that held any of it: whatever of this is cut short or unanswered is done again, and does nothing twice.
 */
final class Overrules {

    private static final Logger log = LoggerFactory.getLogger(Overrules.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Releases releases;
    private final Progress progress;
    private final Records records;
    private final Time time;
    private final Map<Records.Key, Release> standing = new HashMap<>();

    /** Outlives the record, which goes with the service's last target. */
    private final Map<Records.Key, Long> obeyed = new HashMap<>();

    private boolean looked;
    private long lookedAt;
    private boolean failing;

    Overrules(Releases releases, Progress progress, Records records, Time time) {
        this.releases = releases;
        this.progress = progress;
        this.records = records;
        this.time = time;
    }

    /** The records of those for whom it looks. */
    Records records() {
        return records;
    }

    /** Before the guard is asked. */
    void look(boolean anythingHeld) {
        boolean due = !looked || time.elapsed(lookedAt).compareTo(EVERY) >= 0;
        if (!due || (!anythingHeld && standing.isEmpty())) {
            return;
        }
        looked = true;
        lookedAt = time.nanos();
        try {
            standing.clear();
            releases.standing()
                    .forEach(release -> standing.put(new Records.Key(release.service(), release.provider()), release));
            end();
            failing = false;
        } catch (RegistryException e) {
            if (!failing) {
                log.warn("cannot see what people release, will go on trying: {}", e.getMessage());
            }
            failing = true;
        }
    }

    /**
     * By target, who lets it go; what was obeyed once is not obeyed again.
     *
     * @param asks whether the service asks for a name
     */
    Map<Target, String> of(Records.Key key, boolean asks) {
        return pending(key)
                .filter(release -> !release.unasked() || !asks)
                .map(release ->
                        release.targets().stream().collect(Collectors.toMap(target -> target, target -> release.by())))
                .orElse(Map.of());
    }

    /** A decision is in force: what of it is obeyed by now. @return the revision for the record */
    long obeyed(Records.Key key, List<Hold> holds) {
        Optional<Release> release = pending(key);
        if (release.isPresent()
                && holds.stream().noneMatch(hold -> release.get().targets().contains(hold.target()))) {
            obeyed.put(key, release.get().revision());
        }
        return newest(key);
    }

    private Optional<Release> pending(Records.Key key) {
        return Optional.ofNullable(standing.get(key)).filter(release -> release.revision() > newest(key));
    }

    private long newest(Records.Key key) {
        return Math.max(
                obeyed.getOrDefault(key, 0L),
                records.of(key).map(Applied::released).orElse(0L));
    }

    private void end() throws RegistryException {
        for (Map.Entry<Records.Key, Release> one : Map.copyOf(standing).entrySet()) {
            Release release = one.getValue();
            if (newest(one.getKey()) >= release.revision() && !isWantedElsewhere(release)) {
                releases.end(release);
                standing.remove(one.getKey());
            }
        }
    }

    /** Whether another watcher that is there holds some of it and has not obeyed yet. */
    private boolean isWantedElsewhere(Release release) throws RegistryException {
        Set<String> present = Progress.names(progress.watchers());
        return progress.records().stream()
                .filter(record -> record.service().equals(release.service())
                        && record.provider().equals(release.provider())
                        && !record.watcher().equals(records.name())
                        && present.contains(record.watcher()))
                .anyMatch(record -> record.released() < release.revision()
                        && record.held().stream()
                                .anyMatch(hold -> release.targets().contains(hold.target())));
    }
}
