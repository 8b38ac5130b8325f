package dev.muster.health;

import dev.muster.config.AgentConfig.CheckConfig;
import dev.muster.model.Candidate;
import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import dev.muster.model.Target;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges every candidate by its own check, each on a virtual thread of its own, and says when a verdict changes. A new run
 * of an instance starts undecided.
 */
public final class HealthMonitor implements Health, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HealthMonitor.class);

    private final CheckConfig config;
    private final Check tcp;
    private final Consumer<InstanceId> changed;
    private final Map<InstanceId, Watched> watched = new ConcurrentHashMap<>();

    /** @param changed called on a check's thread when an instance's verdict has changed; must return at once */
    public HealthMonitor(CheckConfig config, Check tcp, Consumer<InstanceId> changed) {
        this.config = config;
        this.tcp = tcp;
        this.changed = changed;
    }

    @Override
    public void follow(SortedMap<InstanceId, Candidate> candidates) {
        watched.values().removeIf(entry -> {
            Candidate now = candidates.get(entry.id);
            boolean gone = now == null || now.paused() || !entry.judges(now);
            if (gone) {
                entry.thread.interrupt();
            }
            return gone;
        });
        candidates.forEach((id, candidate) -> {
            if (asks(candidate) && !candidate.paused() && !watched.containsKey(id)) {
                Watched entry = new Watched(candidate);
                watched.put(id, entry);
                entry.thread.start();
            }
        });
    }

    @Override
    public Verdict verdict(Candidate candidate) {
        if (!asks(candidate)) {
            return Verdict.HEALTHY;
        }
        Watched entry = watched.get(candidate.id());
        return entry == null || !entry.judges(candidate) ? Verdict.UNDECIDED : entry.verdict;
    }

    @Override
    public void close() {
        watched.values().forEach(entry -> entry.thread.interrupt());
        watched.clear();
    }

    private static boolean asks(Candidate candidate) {
        return candidate.instance().check().kind() != CheckSpec.Kind.NONE;
    }

    /** One instance's check, from its first try to its end. */
    private final class Watched {
        private final InstanceId id;
        private final Run run;
        private final Target target;
        private final Thread thread;
        private volatile Verdict verdict = Verdict.UNDECIDED;
        private boolean broken;

        Watched(Candidate candidate) {
            this.id = candidate.id();
            this.run = candidate.instance().run();
            this.target = candidate.checkAt();
            this.thread = Thread.ofVirtual().name("check-" + id).unstarted(this::run);
        }

        boolean judges(Candidate candidate) {
            return run.equals(candidate.instance().run()) && target.equals(candidate.checkAt());
        }

        private void run() {
            RiseFall judge = new RiseFall(config);
            CheckPace pace = new CheckPace(config.interval());
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    boolean passed = passes();
                    Verdict next = judge.observe(passed, System.nanoTime());
                    if (next != verdict) {
                        if (verdict == Verdict.UNDECIDED && next == Verdict.FAILING) {
                            log.warn("{}: nothing accepts connections at {} yet", id, target);
                        }
                        verdict = next;
                        changed.accept(id);
                    }
                    Thread.sleep(pace.next(next, passed));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // no longer followed: this thread ends here
            }
        }

        private boolean passes() throws InterruptedException {
            try {
                return tcp.passes(target, config.timeout());
            } catch (RuntimeException e) {
                if (!broken) {
                    log.error("{}: its check of {} broke, which counts as a no", id, target, e);
                }
                broken = true;
                return false;
            }
        }
    }
}
