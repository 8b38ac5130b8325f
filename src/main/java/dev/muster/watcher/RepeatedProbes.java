package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * Probes each target on a virtual thread of its own: at once, then at growing intervals, and from the shortest one again
 * when its answer changes.
 */
public final class RepeatedProbes implements Probes {

    /** @param most probes under way at once */
    public record Pace(Duration timeout, Duration shortest, Duration longest, int most) {
        public static Pace within(Duration timeout) {
            return new Pace(timeout, Duration.ofSeconds(2), Duration.ofSeconds(15), 64);
        }
    }

    /** One look at one target. */
    @FunctionalInterface
    public interface Probe {

        /** Found out within {@code timeout}; whatever goes wrong is an answer. */
        ProbeResult ask(Target target, CheckSpec check, Duration timeout) throws InterruptedException;
    }

    private final Probe once;
    private final Pace pace;
    private final Runnable changed;
    private final Semaphore slots;
    private final Map<Target, Followed> followed = new HashMap<>();

    /**
     * @param changed called when an answer is new or differs from the one before, on a probe's thread; must return at once
     */
    public RepeatedProbes(Probe once, Pace pace, Runnable changed) {
        this.once = once;
        this.pace = pace;
        this.changed = changed;
        this.slots = new Semaphore(pace.most());
    }

    @Override
    public synchronized void follow(SortedMap<Target, CheckSpec> targets) {
        followed.entrySet().removeIf(entry -> {
            boolean forgotten = !entry.getValue().check.equals(targets.get(entry.getKey()));
            if (forgotten) {
                entry.getValue().stop();
            }
            return forgotten;
        });
        targets.forEach((target, check) -> followed.computeIfAbsent(target, key -> new Followed(key, check)));
    }

    @Override
    public synchronized Map<Target, ProbeResult> results() {
        Map<Target, ProbeResult> results = new HashMap<>();
        followed.forEach((target, one) -> results.put(target, one.result));
        return results;
    }

    @Override
    public void close() {
        follow(new TreeMap<>());
    }

    private final class Followed {
        private final Target target;
        private final CheckSpec check;
        private final Thread thread;
        private volatile ProbeResult result = ProbeResult.NOT_PROBED;

        Followed(Target target, CheckSpec check) {
            this.target = target;
            this.check = check;
            this.thread = Thread.ofVirtual().name("probe " + target).start(this::run);
        }

        void stop() {
            thread.interrupt();
        }

        private void run() {
            Duration pause = pace.shortest();
            try {
                while (true) {
                    ProbeResult found = probe();
                    if (found == result) {
                        Duration doubled = pause.multipliedBy(2);
                        pause = doubled.compareTo(pace.longest()) < 0 ? doubled : pace.longest();
                    } else {
                        result = found;
                        pause = pace.shortest();
                        changed.run();
                    }
                    Thread.sleep(pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it is followed no more
            }
        }

        private ProbeResult probe() throws InterruptedException {
            slots.acquire();
            try {
                return once.ask(target, check, pace.timeout());
            } finally {
                slots.release();
            }
        }
    }
}
