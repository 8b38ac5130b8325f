package dev.muster.registry;

import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election in one group and, once elected, stays in the seat: one thread calls {@link #step} again and again.
 * A step looks at the seat where something may have changed, takes it where nobody has it, and never believes an answer for
 * longer than the lease lasts. What was sent and not answered is found out by the next look: the seat is ours where it stands
 * under our lease.
 */
public final class Candidacy implements Election {

    /** A pass that finishes nothing for so long does not lead any more. */
    static final Duration STALLED = Duration.ofSeconds(60);

    /** How often the leader looks at itself. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** All who stand by see the seat fall vacant in the same moment; most of them need not try. */
    private static final Duration SPREAD = Duration.ofMillis(250);

    /** What is under way when it resigns may take so long to end; so long are tried to give the seat back. */
    private static final Duration TO_END = Duration.ofMillis(500);

    private static final Duration TO_LEAVE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    /** No election gives a larger epoch: what carries one was not written by a leader. */
    private static final long LARGEST = 1L << 60;

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(Candidacy.class);

    /** A term, and the lease that it lasts as long as. */
    private record Tenure(Term term, Seat.Lease lease) {}

    private final Seat seat;
    private final String watcher;
    private final Time time;
    private final RandomGenerator random;
    private final Runnable wake;
    private final Runnable changed;
    private final Backoff backoff;
    private final Work work;
    private final AtomicReference<@Nullable Tenure> held = new AtomicReference<>();
    private volatile Optional<String> leader = Optional.empty();
    private volatile boolean doubtful = true;
    private volatile boolean leaving;
    private volatile long leavingSince;
    private volatile boolean over;
    private volatile long confirmedAt;

    // Below: by steps, and by surpassed.
    private Optional<Seat.Lease> lease = Optional.empty();
    private boolean looked;
    private long lookedAt;
    private Optional<Long> spreadSince = Optional.empty();
    private Duration spread = Duration.ZERO;

    /**
     * @param watcher as which it stands
     * @param wake a step is due now; called on any thread
     * @param changed it leads from now on, or no longer; called on any thread
     */
    public Candidacy(Seat seat, String watcher, Time time, RandomGenerator random, Runnable wake, Runnable changed) {
        this.seat = seat;
        this.watcher = watcher;
        this.time = time;
        this.random = random;
        this.wake = wake;
        this.changed = changed;
        this.work = new Work(time);
        this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), random);
        seat.listen(new Seat.Listener() {
            @Override
            public void disturbed() {
                doubtful = true;
                wake.run();
            }

            @Override
            public void replaced() {
                Tenure mine = held.get();
                if (mine != null) {
                    depose(mine, "the registry's data was replaced");
                }
                disturbed();
            }
        });
    }

    @Override
    public String group() {
        return seat.group();
    }

    @Override
    public Optional<Term> term() {
        Tenure mine = held.get();
        return left(mine).isPositive() && mine != null ? Optional.of(mine.term()) : Optional.empty();
    }

    @Override
    public Duration left() {
        return left(held.get());
    }

    /** Neither is its lease older than that, nor is it longer ago that the seat was seen to be its own. */
    private Duration left(@Nullable Tenure mine) {
        if (mine == null || leaving) {
            return Duration.ZERO;
        }
        Duration seen = seat.ttl().minus(time.elapsed(confirmedAt));
        Duration lives = mine.lease().left();
        return seen.isNegative() ? Duration.ZERO : seen.compareTo(lives) < 0 ? seen : lives;
    }

    @Override
    public Optional<String> leader() {
        return leader;
    }

    @Override
    public void begun() {
        work.begun();
    }

    @Override
    public void advanced() {
        work.advanced();
    }

    @Override
    public void ended() {
        work.ended();
    }

    /** Leads no longer, from now on, and leaves the seat to others: at once, or as soon as the pass under way has ended. */
    public void resign() {
        if (!leaving) {
            leavingSince = time.nanos();
            leaving = true;
            wake.run();
            changed.run();
        }
    }

    /** Whether it has resigned and no further step is needed. */
    public boolean isOver() {
        return over;
    }

    /** Does what is due. @return how long to wait for the next step, unless woken */
    public synchronized Duration step() {
        if (over) {
            return FOR_EVER;
        }
        try {
            return leaving ? leave() : campaign();
        } catch (RegistryException e) {
            if (backoff.failures() == 0) {
                log.warn("group {}: cannot stand for election, will go on trying: {}", group(), e.getMessage());
            }
            doubtful = true;
            return backoff.next();
        }
    }

    @Override
    public synchronized Optional<Term> surpassed(long seen) {
        Optional<Term> now = term();
        Tenure mine = held.get();
        if (now.isEmpty() || mine == null || seen < now.get().epoch() || seen > LARGEST) {
            return now;
        }
        try {
            Seat.Standing standing = seat.look();
            if (isOurs(standing, mine.lease())) {
                long epoch = Math.max(seen, standing.lastEpoch()) + 1;
                Optional<Long> version = seat.take(standing, epoch, mine.lease());
                if (version.isPresent()) {
                    log.warn("group {}: a target has seen epoch {}, which the registry has lost", group(), seen);
                    hold(new Term(group(), epoch, version.get()), mine.lease());
                    return term();
                }
            }
            depose(mine, "a target has seen epoch %d, and the seat is another's".formatted(seen));
        } catch (RegistryException e) {
            depose(mine, "a target has seen epoch %d, and why cannot be seen: %s".formatted(seen, e.getMessage()));
        }
        doubtful = true;
        wake.run();
        return Optional.empty();
    }

    private Duration campaign() throws RegistryException {
        dropDeadLease();
        if (work.stalled().compareTo(STALLED) >= 0) {
            return giveUp();
        }
        Duration rest = (held.get() == null ? seat.ttl() : seat.ttl().dividedBy(3)).minus(time.elapsed(lookedAt));
        if (!doubtful && rest.isPositive()) {
            return rest.compareTo(TICK) < 0 || held.get() == null ? rest : TICK;
        }
        Duration pause = held.get() == null && looked ? spread() : Duration.ZERO;
        if (pause.isPositive()) {
            return pause;
        }
        spreadSince = Optional.empty();
        doubtful = false;
        lookedAt = time.nanos();
        Seat.Standing standing = seat.look();
        looked = true;
        seat.follow(standing.revision());
        Optional<Seat.Lease> ours = lease.filter(one -> isOurs(standing, one));
        if (ours.isPresent()) {
            confirmedAt = lookedAt;
            hold(term(standing), ours.get());
            return answered(TICK);
        }
        Tenure mine = held.get();
        if (mine != null) {
            depose(mine, standing.occupant().isPresent() ? "another one is in its seat" : "it was put out of its seat");
        }
        return answered(
                standing.occupant().isPresent() ? standBy(standing.occupant().get()) : stand(standing));
    }

    private Duration answered(Duration next) {
        if (backoff.failures() > 0) {
            log.info("group {}: the registry answers again", group());
            backoff.succeeded();
        }
        return next;
    }

    private Duration stand(Seat.Standing standing) throws RegistryException {
        leader = Optional.empty();
        Seat.Lease under = lease.isPresent() ? lease.get() : seat.grant();
        lease = Optional.of(under);
        // Not below the time: what an etcd that was restored has forgotten lies before it.
        long epoch = Math.max(standing.lastEpoch() + 1, time.now().toEpochMilli());
        long sent = time.nanos();
        Optional<Long> version = seat.take(standing, epoch, under);
        if (version.isEmpty()) {
            doubtful = true;
            return Duration.ZERO;
        }
        confirmedAt = sent;
        hold(new Term(group(), epoch, version.get()), under);
        return TICK;
    }

    private Duration standBy(Seat.Occupant occupant) {
        dropLease();
        Optional<String> now = Optional.of(occupant.watcher());
        if (!now.equals(leader)) {
            log.info(
                    "group {}: watcher '{}' leads{}, this one stands by",
                    group(),
                    occupant.watcher(),
                    occupant.watcher().equals(watcher) ? " (a lease of before, or a twin of this name)" : "");
        }
        leader = now;
        return seat.ttl();
    }

    /** A different share of a moment each time. */
    private Duration spread() {
        if (spreadSince.isEmpty()) {
            spreadSince = Optional.of(time.nanos());
            spread = Duration.ofMillis(random.nextLong(SPREAD.toMillis()));
        }
        return spread.minus(time.elapsed(spreadSince.get()));
    }

    /** Whoever waits for its own pass steers nothing. The seat falls vacant with the lease: a call may still be under way. */
    private Duration giveUp() {
        Tenure mine = held.get();
        if (mine != null) {
            depose(
                    mine,
                    "a pass has not finished anything for %d s"
                            .formatted(work.stalled().toSeconds()));
        }
        dropLease();
        doubtful = true;
        return TICK;
    }

    private Duration leave() {
        Tenure mine = held.get();
        if (mine != null && lost(mine)) {
            log.info("group {}: this watcher leads no longer, since it ends", group());
        }
        Duration since = time.elapsed(leavingSince);
        if (work.isUnderWay() && since.compareTo(TO_END) < 0) {
            return BETWEEN_LOOKS;
        }
        try {
            if (lease.isPresent()) {
                Seat.Standing standing = seat.look();
                if (isOurs(standing, lease.get())) {
                    seat.leave(term(standing));
                }
            }
        } catch (RegistryException e) {
            if (since.compareTo(TO_LEAVE) < 0) {
                return BETWEEN_LOOKS.multipliedBy(10);
            }
            log.warn("group {}: the seat falls vacant only with its lease: {}", group(), e.getMessage());
        }
        dropLease();
        seat.close();
        over = true;
        return FOR_EVER;
    }

    private void hold(Term term, Seat.Lease under) {
        Tenure before = held.get();
        if (before == null || !before.term().equals(term)) {
            held.set(new Tenure(term, under));
            leader = Optional.of(watcher);
            log.info("group {}: this watcher leads, in epoch {}", group(), term.epoch());
            changed.run();
        }
    }

    private void depose(Tenure mine, String why) {
        if (lost(mine)) {
            log.warn("group {}: this watcher leads no longer: {}", group(), why);
        }
    }

    private boolean lost(Tenure mine) {
        boolean now = held.compareAndSet(mine, null);
        if (now) {
            leader = Optional.empty();
            changed.run();
        }
        return now;
    }

    private void dropDeadLease() {
        Tenure mine = held.get();
        if (mine != null && !left(mine).isPositive()) {
            depose(mine, mine.lease().left().isPositive() ? "its seat cannot be seen any more" : "its lease is over");
            doubtful = true;
        }
        if (lease.filter(one -> !one.left().isPositive()).isPresent()) {
            dropLease();
        }
    }

    private void dropLease() {
        lease.ifPresent(Seat.Lease::close);
        lease = Optional.empty();
    }

    private Term term(Seat.Standing standing) {
        return new Term(group(), standing.occupant().orElseThrow().epoch(), standing.version());
    }

    private static boolean isOurs(Seat.Standing standing, Seat.Lease ours) {
        return standing.occupant()
                .filter(occupant -> occupant.lease() == ours.id() && occupant.epoch() >= 1)
                .isPresent();
    }
}
