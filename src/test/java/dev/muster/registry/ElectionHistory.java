package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.reconcile.FakeTime;
import dev.muster.testkit.Histories;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One random history of a group: candidates that crash, stand still, stall in a pass, resign and come back; calls and
 * answers that are late or lost; a registry that is wiped, restored or edited by hand. Time is virtual. While a call is on
 * its way the others go on, so that steps of all of them interleave at every call.
 */
final class ElectionHistory implements Histories.History {

    static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    /** A step may be in the middle of its calls. */
    private static final Duration GIVES_UP = Duration.ofSeconds(15);

    private static final Duration EXPIRY = Duration.ofMillis(500);
    private static final Duration FAULTS = Duration.ofSeconds(75);

    private static final List<String> FAULT_NAMES = List.of(
            "crash",
            "standstill",
            "cut-off",
            "cut-off of all, not only",
            "stall",
            "resignation",
            "crash at the next call",
            "surpassing",
            "snapshot, not",
            "replacement, not",
            "hand, not");

    private record Event(long at, long order, Runnable action) {}

    final Random random;
    final FakeTime time = new FakeTime();
    final FakeGroup group;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final List<ElectionCandidate> candidates;
    private final List<FakeGroup.Saved> saved = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final long began = time.nanos();
    private final long beganMillis = time.now().toEpochMilli();
    private final long healsAt;
    private long order;
    private long highest;
    private long newest;
    private int generationOfNewest;

    ElectionHistory(long seed, WrongElection wrong) {
        int watchers = 2 + (int) (seed % 2);
        this.group = new FakeGroup(time, TTL, wrong);
        this.random = new Random(seed);
        this.candidates = IntStream.range(0, watchers)
                .mapToObj(number -> new ElectionCandidate(this, "lb" + number))
                .toList();
        this.healsAt = time.nanos() + FAULTS.toNanos();
        if (wrong != WrongElection.WITHOUT_WATCH) {
            group.watch(() -> candidates.forEach(ElectionCandidate::seatChanged));
        }
    }

    /** From the first candidate's start to a time in which nothing has gone wrong for long. */
    @Override
    public void run() {
        candidates.forEach(candidate -> after(millis(0, 2_000), candidate::start));
        for (int fault = 0; fault < 13; fault++) {
            after(millis(0, (int) FAULTS.toMillis()), this::fault);
        }
        tick();
        passUntil(healsAt);
        candidates.forEach(ElectionCandidate::heal);
        pass(TTL.plusSeconds(2));
        ElectionCandidate leader = onlyLeader();
        Optional<FakeGroup.Key> seat = group.leader();
        pass(millis(0, (int) TTL.toMillis()));
        assertThat(group.leader()).as("it goes on leading").isEqualTo(seat);
        assertThat(onlyLeader()).isEqualTo(leader);
        leader.kill();
        pass(TTL.plusSeconds(2));
        assertThat(onlyLeader()).isNotEqualTo(leader);
    }

    private ElectionCandidate onlyLeader() {
        List<ElectionCandidate> leaders =
                candidates.stream().filter(ElectionCandidate::leads).toList();
        assertThat(leaders).as("who leads").hasSize(1);
        return leaders.getFirst();
    }

    /** As often as etcd sees which leases have ended. */
    private void tick() {
        group.expire();
        after(EXPIRY, this::tick);
    }

    private void fault() {
        ElectionCandidate one = candidates.get(random.nextInt(candidates.size()));
        int what = random.nextInt(FAULT_NAMES.size());
        note(FAULT_NAMES.get(what) + " of " + one);
        switch (what) {
            case 0 -> one.crash(millis(100, 8_000));
            case 1 -> one.pause(millis(1_000, 25_000));
            case 2 -> one.cutOff(millis(500, 20_000));
            case 3 -> candidates.forEach(each -> each.cutOff(millis(500, 15_000)));
            case 4 -> one.stall(millis(55_000, 80_000));
            case 5 -> one.resign(millis(100, 8_000));
            case 6 -> one.crashAtNextCall();
            case 7 -> one.surpassed(highest + 1 + random.nextInt(5));
            case 8 -> saved.add(group.save());
            case 9 -> replace();
            default -> {
                if (random.nextBoolean()) {
                    group.delete();
                } else {
                    group.scribble();
                }
                candidates.forEach(ElectionCandidate::mayBeWrongAWhile);
            }
        }
    }

    /** For whoever reads a history that went wrong. */
    void note(String what) {
        said.add("%7d ms %s".formatted(Duration.ofNanos(time.nanos() - began).toMillis(), what));
    }

    private void replace() {
        if (saved.isEmpty() || random.nextBoolean()) {
            group.wipe();
        } else {
            group.restore(saved.get(random.nextInt(saved.size())));
        }
        candidates.forEach(ElectionCandidate::mayBeWrongAWhile);
        candidates.forEach(each -> after(millis(0, 1_500), each::hearsOfReplacement));
    }

    /**
     * Whoever believes that it leads is in the seat, for as long as it believes so; and no epoch is used twice, unless it is
     * a time: of a registry that was wiped, two clocks may come to the same millisecond.
     */
    private void check() {
        Optional<FakeGroup.Key> key = group.seat();
        long epoch = 0;
        for (ElectionCandidate one : candidates) {
            Optional<Term> term = one.term();
            if (term.isEmpty()) {
                continue;
            }
            if (!one.isExcused() && key.filter(one::owns).isEmpty()) {
                throw new AssertionError(
                        "%s believes that it leads in %s; the registry has %s".formatted(one, term, key));
            }
            if (one.stalled().compareTo(Candidacy.STALLED.plus(GIVES_UP)) > 0) {
                throw new AssertionError("%s leads, and its pass is stalled".formatted(one));
            }
            if (term.get().epoch() == epoch && epoch < beganMillis) {
                throw new AssertionError("two lead in epoch " + epoch);
            }
            epoch = term.get().epoch();
        }
    }

    /** A seat was taken: in an epoch above every one before, as far as the registry remembers. */
    void taken(long epoch) {
        note("taken: " + group.leader());
        if (generationOfNewest == group.generation()) {
            assertThat(epoch).as("epoch").isGreaterThan(newest);
        }
        newest = epoch;
        highest = Math.max(epoch, highest);
        generationOfNewest = group.generation();
    }

    boolean isFaulty() {
        return time.nanos() < healsAt;
    }

    /** How long a call is on its way, or its answer. */
    Duration onTheWay() {
        return isFaulty() && random.nextInt(20) == 0 ? millis(100, 3_000) : millis(1, 20);
    }

    boolean happens(int percent) {
        return isFaulty() && random.nextInt(100) < percent;
    }

    Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least + 1));
    }

    Duration callTimeout() {
        return CALL_TIMEOUT;
    }

    /** Nothing of what went wrong is under way any longer when all is healed. */
    Duration beforeHealing(Duration wanted) {
        Duration left = Duration.ofNanos(Math.max(0, healsAt - time.nanos()));
        return wanted.compareTo(left) < 0 ? wanted : left;
    }

    void after(Duration delay, Runnable action) {
        events.add(new Event(time.nanos() + delay.toNanos(), order++, action));
    }

    void pass(Duration duration) {
        passUntil(time.nanos() + duration.toNanos());
    }

    private void passUntil(long until) {
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event next = events.poll();
            advanceTo(next.at());
            check();
            next.action().run();
        }
        advanceTo(until);
        check();
    }

    @Override
    public String toString() {
        return String.join("\n", said);
    }

    private void advanceTo(long at) {
        if (at > time.nanos()) {
            time.advance(Duration.ofNanos(at - time.nanos()));
        }
    }
}
