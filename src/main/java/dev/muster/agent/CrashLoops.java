package dev.muster.agent;

import dev.muster.health.Verdict;
import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Instances that end again and again. After two exits within 60 s that nobody asked for, the next run is published only once
 * it has been healthy for 30 s. Used by one thread, but for {@link #asked}.
 */
final class CrashLoops {

    static final Duration WINDOW = Duration.ofSeconds(60);
    static final Duration PROBATION = Duration.ofSeconds(30);

    /** An engine waits for a minute at most before it starts a container again. */
    private static final Duration REMEMBERED = WINDOW.multipliedBy(2);

    private final Time time;
    private final Map<String, Long> askedNanos = new ConcurrentHashMap<>();
    private final Map<InstanceId, Life> lives = new HashMap<>();

    CrashLoops(Time time) {
        this.time = time;
    }

    /** Somebody told this container to end, or sent it another signal: an exit that follows soon is no crash. Thread-safe. */
    void asked(String containerId) {
        askedNanos.put(containerId, time.nanos());
    }

    /**
     * What runs now.
     *
     * @param told whether an event told of what has ended since; what is only found to be gone may have been asked for
     */
    void follow(SortedMap<InstanceId, Candidate> running, Function<Candidate, Verdict> verdict, boolean told) {
        lives.forEach((id, life) -> {
            if (!running.containsKey(id)) {
                life.ends(told);
            }
        });
        running.forEach((id, candidate) -> {
            Life life = lives.computeIfAbsent(id, first -> new Life());
            life.runs(candidate.instance().run(), told);
            life.is(candidate.paused() ? Verdict.UNDECIDED : verdict.apply(candidate));
        });
        lives.values().removeIf(Life::isOver);
        askedNanos.values().removeIf(at -> time.elapsed(at).compareTo(REMEMBERED) > 0);
    }

    /** Whether its run has yet to show that it lasts. */
    boolean onProbation(InstanceId id) {
        Life life = lives.get(id);
        return life != null && life.looping;
    }

    /** All that end again and again, until one of their runs has lasted. */
    Set<InstanceId> looping() {
        Set<InstanceId> ids = new TreeSet<>();
        lives.forEach((id, life) -> {
            if (life.looping) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** How long until the first of them may have lasted; empty where none is healthy. */
    Optional<Duration> untilNext() {
        return lives.values().stream()
                .filter(life -> life.looping && life.healthyNanos.isPresent())
                .map(Life::left)
                .min(Duration::compareTo);
    }

    /** An exit of which it is not known yet whether somebody asked for it. */
    private record Exit(String containerId, long begunNanos, long nanos) {}

    /** One instance over its runs. */
    private final class Life {
        private Optional<Run> run = Optional.empty();
        private long begunNanos;
        private Optional<Exit> exit = Optional.empty();
        private final Deque<Long> crashesNanos = new ArrayDeque<>();
        private Optional<Long> healthyNanos = Optional.empty();
        private boolean looping;

        void runs(Run now, boolean told) {
            if (run.isPresent() && !run.get().equals(now)) {
                ends(told);
            }
            if (run.isEmpty()) {
                run = Optional.of(now);
                begunNanos = time.nanos();
                exit.ifPresent(this::judge);
                exit = Optional.empty();
                looping = crashesNanos.size() == 2
                        && crashesNanos.getLast() - crashesNanos.getFirst() <= WINDOW.toNanos();
            }
        }

        void ends(boolean told) {
            if (run.isPresent() && told) {
                exit = Optional.of(new Exit(run.get().containerId(), begunNanos, time.nanos()));
            }
            run = Optional.empty();
            healthyNanos = Optional.empty();
        }

        void is(Verdict verdict) {
            if (looping) {
                healthyNanos = verdict == Verdict.HEALTHY
                        ? healthyNanos.or(() -> Optional.of(time.nanos()))
                        : Optional.empty();
                looping = left().isPositive();
            }
        }

        /** When the next run begins: by then the engine has told whether somebody asked for the last exit. */
        private void judge(Exit ended) {
            Long asked = askedNanos.get(ended.containerId);
            if (asked != null && asked >= ended.begunNanos && ended.nanos - asked <= WINDOW.toNanos()) {
                crashesNanos.clear();
                return;
            }
            crashesNanos.addLast(ended.nanos);
            if (crashesNanos.size() > 2) {
                crashesNanos.removeFirst();
            }
        }

        Duration left() {
            return healthyNanos
                    .map(since -> PROBATION.minus(time.elapsed(since)))
                    .orElse(PROBATION);
        }

        boolean isOver() {
            return run.isEmpty()
                    && exit.filter(ended -> time.elapsed(ended.nanos).compareTo(REMEMBERED) <= 0)
                            .isEmpty();
        }
    }
}
