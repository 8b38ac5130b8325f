package dev.muster.registry;

import dev.muster.reconcile.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One watcher of an {@link ElectionHistory}: its process, which ends and starts, and its way to the registry. */
final class ElectionCandidate {

    /** The process ended in the middle of what it did. */
    private static final class Crashed extends RuntimeException {}

    private static final Duration RETRY = Duration.ofMillis(833);

    private final ElectionHistory history;
    private final String name;
    private final Duration clockAhead;
    private @Nullable Candidacy candidacy;
    private @Nullable FakeSeat seat;
    private int run;
    private int scheduled;
    private Optional<Long> stalledSince = Optional.empty();
    private boolean busy;
    private boolean due;
    private boolean doomed;
    private long stoodStillUntil;
    private long cutOffUntil;
    private long excusedUntil;

    ElectionCandidate(ElectionHistory history, String name) {
        this.history = history;
        this.name = name;
        this.clockAhead = history.millis(0, 5_000);
        this.excusedUntil = now();
        this.stoodStillUntil = now();
        this.cutOffUntil = now();
    }

    void start() {
        if (candidacy != null) {
            return;
        }
        run++;
        stalledSince = Optional.empty();
        busy = false;
        doomed = false;
        int ofRun = run;
        FakeSeat made = new FakeSeat(history.group, name, this::carry, lease -> renew(ofRun, lease));
        seat = made;
        candidacy = new Candidacy(made, name, clock(), new Random(history.random.nextLong()), this::wake, () -> {});
        step(0);
    }

    private Time clock() {
        return new Time() {
            @Override
            public Instant now() {
                return history.time.now().plus(clockAhead);
            }

            @Override
            public long nanos() {
                return history.time.nanos();
            }
        };
    }

    boolean leads() {
        return term().isPresent();
    }

    Optional<Term> term() {
        return candidacy == null ? Optional.empty() : candidacy.term();
    }

    /** Whether the key is its own: of this process, not of one before. */
    boolean owns(FakeGroup.Key key) {
        return seat != null && seat.granted().stream().anyMatch(lease -> lease.id() == key.lease());
    }

    /** For how long a pass has been finishing nothing. */
    Duration stalled() {
        return stalledSince.map(since -> Duration.ofNanos(now() - since)).orElse(Duration.ZERO);
    }

    /** Whether a person or a replaced registry has put it out of its seat so shortly ago that it may not know yet. */
    boolean isExcused() {
        return now() < excusedUntil;
    }

    void mayBeWrongAWhile() {
        if (candidacy != null) {
            excusedUntil = now() + ElectionHistory.TTL.toNanos();
        }
    }

    void heal() {
        stoodStillUntil = now();
        cutOffUntil = now();
        doomed = false;
        start();
        Candidacy healed = candidacy;
        if (healed != null) {
            healed.ended();
        }
        stalledSince = Optional.empty();
        wake();
    }

    void crash(Duration backAfter) {
        if (candidacy != null) {
            candidacy = null;
            seat = null;
            history.after(history.beforeHealing(backAfter), this::start);
        }
    }

    /** For good. */
    void kill() {
        candidacy = null;
        seat = null;
    }

    void crashAtNextCall() {
        doomed = true;
    }

    void pause(Duration duration) {
        stoodStillUntil = now() + history.beforeHealing(duration).toNanos();
    }

    void cutOff(Duration duration) {
        cutOffUntil = now() + history.beforeHealing(duration).toNanos();
    }

    /** A pass begins and finishes nothing for that long. */
    void stall(Duration duration) {
        Candidacy stalls = candidacy;
        if (stalls != null) {
            stalls.begun();
            stalledSince = Optional.of(now());
            history.after(history.beforeHealing(duration), () -> {
                stalls.ended();
                stalledSince = Optional.empty();
            });
        }
    }

    void resign(Duration backAfter) {
        Candidacy ends = candidacy;
        if (ends != null) {
            ends.resign();
            history.after(history.beforeHealing(backAfter.plusSeconds(3)), () -> {
                if (candidacy == ends) {
                    crash(Duration.ZERO);
                }
            });
        }
    }

    void surpassed(long seen) {
        Candidacy told = candidacy;
        if (told != null && !busy && !standsStill()) {
            guarded(() -> told.surpassed(seen));
        }
    }

    void hearsOfReplacement() {
        if (seat != null) {
            seat.listener().replaced();
        }
    }

    void seatChanged() {
        FakeSeat told = seat;
        if (told != null && told.isFollowed()) {
            long late = Math.max(0, cutOffUntil - now());
            history.after(history.onTheWay().plusNanos(late), told.listener()::disturbed);
        }
    }

    private void wake() {
        if (busy) {
            due = true;
        } else {
            history.after(Duration.ofMillis(1), step(run, ++scheduled));
        }
    }

    private void step(long afterNanos) {
        history.after(Duration.ofNanos(afterNanos), step(run, ++scheduled));
    }

    private Runnable step(int ofRun, int number) {
        return () -> {
            if (ofRun != run || number != scheduled || candidacy == null || busy) {
                return;
            }
            if (standsStill()) {
                step(stoodStillUntil - now());
                return;
            }
            Candidacy steps = candidacy;
            guarded(() -> step(steps.step().toNanos()));
        };
    }

    private void guarded(Runnable action) {
        int ofRun = run;
        busy = true;
        due = false;
        try {
            action.run();
        } catch (Crashed e) {
            return;
        } finally {
            if (ofRun == run) {
                busy = false;
            }
        }
        if (due) {
            wake();
        }
    }

    /** There and back, as the history has it; whatever happens to this process meanwhile, happens. */
    private <T> T carry(FakeSeat.Call<T> call) throws RegistryException {
        int ofRun = run;
        dieIfDoomed(ofRun);
        if (isCutOff() || history.happens(4)) {
            if (history.happens(50)) {
                history.after(history.beforeHealing(history.millis(500, 8_000)), () -> late(call));
            }
            history.pass(history.callTimeout());
            goOn(ofRun);
            throw new RegistryException("no answer");
        }
        history.pass(history.onTheWay());
        T answer = made(call);
        dieIfDoomed(ofRun);
        if (history.happens(4)) {
            history.pass(history.callTimeout());
            goOn(ofRun);
            throw new RegistryException("the answer is lost");
        }
        history.pass(history.onTheWay());
        goOn(ofRun);
        return answer;
    }

    private <T> T made(FakeSeat.Call<T> call) throws RegistryException {
        long before = history.group.lastEpoch();
        T answer = call.make();
        if (history.group.lastEpoch() != before) {
            history.taken(history.group.lastEpoch());
        }
        return answer;
    }

    private void late(FakeSeat.Call<?> call) {
        try {
            made(call);
        } catch (RegistryException e) {
            // nobody hears it
        }
    }

    private void dieIfDoomed(int ofRun) {
        if (doomed && ofRun == run && history.isFaulty()) {
            crash(history.millis(100, 5_000));
        }
        goOn(ofRun);
    }

    /** A process that stands still sees its answer when it goes on; one that has ended sees none. */
    private void goOn(int ofRun) {
        while (standsStill() && ofRun == run && candidacy != null) {
            history.pass(Duration.ofNanos(stoodStillUntil - now()));
        }
        if (ofRun != run || candidacy == null) {
            throw new Crashed();
        }
    }

    /** As an {@code EtcdLease} does: at each third of its time to live, more often while unanswered, until that is over. */
    private void renew(int ofRun, FakeSeat.FakeLease lease) {
        history.after(ElectionHistory.TTL.dividedBy(3), () -> send(ofRun, lease));
    }

    private void send(int ofRun, FakeSeat.FakeLease lease) {
        if (ofRun != run || candidacy == null || lease.isClosed()) {
            return;
        }
        if (standsStill()) {
            history.after(Duration.ofNanos(stoodStillUntil - now()), () -> send(ofRun, lease));
        } else if (lease.left().isZero()) {
            lease.die();
        } else if (isCutOff() || history.happens(5)) {
            history.after(RETRY, () -> send(ofRun, lease));
        } else {
            long sent = now();
            history.after(history.onTheWay(), () -> {
                boolean there = history.group.renew(lease.id());
                history.after(history.onTheWay(), () -> answered(ofRun, lease, there, sent));
            });
        }
    }

    private void answered(int ofRun, FakeSeat.FakeLease lease, boolean there, long sent) {
        if (ofRun != run || candidacy == null) {
            return;
        }
        if (standsStill()) {
            history.after(Duration.ofNanos(stoodStillUntil - now()), () -> answered(ofRun, lease, there, sent));
        } else if (there && !lease.left().isZero()) {
            lease.renewed(sent);
            renew(ofRun, lease);
        } else {
            lease.die();
        }
    }

    private boolean standsStill() {
        return now() < stoodStillUntil;
    }

    private boolean isCutOff() {
        return now() < cutOffUntil;
    }

    private long now() {
        return history.time.nanos();
    }

    @Override
    public String toString() {
        return name + " in its run " + run;
    }
}
