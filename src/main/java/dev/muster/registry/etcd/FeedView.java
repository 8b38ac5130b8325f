package dev.muster.registry.etcd;

import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed.View;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a feed shows, and when it tells that something is new. Written by the feed's thread, read by all. */
final class FeedView {

    private static final Logger log = LoggerFactory.getLogger(FeedView.class);

    /** How many keys that were set aside are remembered as said. */
    private static final int REMEMBERED = 10_000;

    /** How many causes of one outage are told, each once: what ended it first is seldom what keeps it from ending. */
    private static final int MANY_CAUSES = 10;

    private final Time time;
    private Runnable changed = () -> {};
    private volatile Optional<View> view = Optional.empty();
    private volatile Optional<Instant> staleSince;
    private volatile Optional<String> trouble = Optional.empty();
    private final Set<String> said = new HashSet<>();
    private boolean lastSaid;
    private @Nullable CatalogFold fold;
    private boolean synced;
    private final Set<String> causes = new HashSet<>();
    private Instant unsettledUntil = Instant.MIN;
    private long receivedNanos;

    FeedView(Time time) {
        this.time = time;
        this.staleSince = Optional.of(time.now());
    }

    /** Before the feed's thread starts. */
    void listen(Runnable listener) {
        changed = listener;
    }

    Optional<View> view() {
        return view;
    }

    Optional<Instant> staleSince() {
        return staleSince;
    }

    Optional<String> trouble() {
        return trouble;
    }

    boolean isSynced() {
        return synced;
    }

    /** Shows the next catalog; tells so unless only its revision is new. */
    void publish(CatalogFold next, long received) {
        CatalogFold before = fold;
        fold = next;
        boolean same = before != null && before.meansTheSameAs(next);
        receivedNanos = same ? receivedNanos : received;
        show(!same);
        report(before, next);
    }

    /** Nothing unannounced may be removed for that long: etcd's data was replaced. Shown with the next catalog. */
    void unsettledFor(Duration duration) {
        unsettledUntil = time.now().plus(duration);
        log.warn("etcd's data was replaced: what is missing in it is not taken for gone before {}", unsettledUntil);
    }

    /** The watch runs. */
    void synced() {
        trouble = Optional.empty();
        if (!synced) {
            synced = true;
            staleSince = Optional.empty();
            show(true);
            if (!causes.isEmpty()) {
                causes.clear();
                log.info("the registry is followed again");
            }
        }
    }

    /**
     * The registry cannot be read: what is known stays, and may be old.
     *
     * @param why the whole sentence, with what was asked
     * @param cause the same for all that was asked in vain, so that it is told once
     */
    void lost(String why, String cause) {
        trouble = Optional.of(why);
        if (synced) {
            synced = false;
            staleSince = Optional.of(time.now());
            show(true);
        }
        boolean first = causes.isEmpty();
        if (causes.size() < MANY_CAUSES && causes.add(cause)) {
            log.warn(
                    first
                            ? "the registry cannot be followed, what is known of it stays: {}"
                            : "the registry still cannot be followed: {}",
                    why);
        }
    }

    private void show(boolean tell) {
        CatalogFold shown = fold;
        if (shown == null || (view.isEmpty() && !synced)) {
            return; // the first view is one that is followed
        }
        view = Optional.of(new View(shown.catalog(), synced, unsettledUntil, receivedNanos));
        if (tell) {
            changed.run();
        }
    }

    /** Each entry once, however often it comes and goes; how it stands with all of them is in the catalog. */
    private void report(@Nullable CatalogFold before, CatalogFold next) {
        SortedMap<String, String> rejected = next.catalog().rejected();
        if (before != null && before.rejectsTheSameAs(next)) {
            return;
        }
        if (rejected.isEmpty() && lastSaid) {
            lastSaid = false;
            log.info("no entry is set aside any more");
        }
        List<String> news =
                rejected.keySet().stream().filter(key -> !said.contains(key)).toList();
        if (news.isEmpty()) {
            return;
        }
        if (said.size() + news.size() > REMEMBERED) {
            said.clear();
        }
        news.stream().limit(REMEMBERED).forEach(said::add);
        lastSaid = true;
        String first = news.getFirst();
        log.warn(
                "entries set aside: {}, of them new: {}, the first is {}: {}; muster ls --rejected lists them",
                rejected.size(),
                news.size(),
                Name.printable(first),
                rejected.get(first));
    }
}
