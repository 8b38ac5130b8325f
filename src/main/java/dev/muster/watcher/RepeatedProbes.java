package dev.muster.watcher;

import dev.muster.health.Check;
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
 * when its answer changes. A connection that is accepted is a bare TCP answer even where the instance's own check is no
 * more than that: the engine's proxy accepts connections for a container in which nothing listens.
 */
public final class RepeatedProbes implements Probes {

    /** @param most probes under way at once */
    public record Pace(Duration timeout, Duration shortest, Duration longest, int most) {
        public static Pace within(Duration timeout) {
            return new Pace(timeout, Duration.ofSeconds(2), Duration.ofSeconds(15), 64);
        }
    }

    private final Check connects;
    private final Pace pace;
    private final Runnable changed;
    private final Semaphore slots;
    private final Map<Target, Followed> followed = new HashMap<>();

    /**
     * @param connects whether a connection is accepted
     * @param changed called when an answer is new or differs from the one before, on a probe's thread; must return at once
     */
    public RepeatedProbes(Check connects, Pace pace, Runnable changed) {
        this.connects = connects;
        this.pace = pace;
        this.changed = changed;
        this.slots = new Semaphore(pace.most());
    }

    @Override
    public synchronized void follow(SortedMap<Target, CheckSpec> targets) {
        followed.entrySet().removeIf(entry -> {
            boolean forgotten = !targets.containsKey(entry.getKey());
            if (forgotten) {
                entry.getValue().stop();
            }
            return forgotten;
        });
        targets.keySet().forEach(target -> followed.computeIfAbsent(target, Followed::new));
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
        private final Thread thread;
        private volatile ProbeResult result = ProbeResult.NOT_PROBED;

        Followed(Target target) {
            this.target = target;
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
                return connects.passes(target, pace.timeout()) ? ProbeResult.BARE_TCP : ProbeResult.SILENT;
            } finally {
                slots.release();
            }
        }
    }
}
