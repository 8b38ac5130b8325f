package dev.muster.watcher;

import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which services a look goes over: those of which there is news, and those that the last look did not leave settled. So one
 * change among very many services costs what its own costs. All the same a look goes over everything when nothing else is
 * to be done, and after some time at the latest: what no news has told of is found then.
 */
final class Attention {

    private static final Duration AT_LEAST = Duration.ofSeconds(30);
    private static final Duration WHEN_IDLE = Duration.ofSeconds(1);

    private final Time time;

    /** Every service that is not settled, and perhaps some that are. */
    private final Set<String> open = new TreeSet<>();

    private boolean all = true;
    private long lookedAtAll;

    Attention(Time time) {
        this.time = time;
    }

    /** The next look goes over these. */
    void to(Collection<String> services) {
        open.addAll(services);
    }

    void to(String service) {
        open.add(service);
    }

    /** The next look goes over everything: nobody knows what has become of it. */
    void toAll() {
        all = true;
    }

    Set<String> open() {
        return open;
    }

    /** Whether the look that begins goes over everything. */
    boolean isToAll() {
        Duration since = time.elapsed(lookedAtAll);
        return all || since.compareTo(open.isEmpty() ? WHEN_IDLE : AT_LEAST) >= 0;
    }

    /**
     * A look has ended well, and whatever it found differing is in {@link #open}.
     *
     * @param needsNone of these services, which need no look as they are
     */
    void looked(boolean atAll, Predicate<String> needsNone) {
        if (atAll) {
            all = false;
            lookedAtAll = time.nanos();
        }
        for (Iterator<String> each = open.iterator(); each.hasNext(); ) {
            if (needsNone.test(each.next())) {
                each.remove();
            }
        }
    }
}
