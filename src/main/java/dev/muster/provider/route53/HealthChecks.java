package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.AwsException.Kind;
import dev.muster.reconcile.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The health checks that this group has made: they are read, made, and let go once no record names them any more. */
final class HealthChecks {

    /** For so long none of its records has named one that is let go: longer than a change takes to be everywhere. */
    static final Duration GRACE = Duration.ofMinutes(10);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** At most so many are let go in one pass, a few seconds' calls. */
    private static final int AT_ONCE = 20;

    /** Of one check's numbers, tried in one pass; each belongs to one that was deleted. */
    private static final int TRIES = 5;

    /**
     * Since when nothing names it.
     *
     * @param accepted how many changes had been accepted by then, the one that took it out among them
     */
    private record Unused(long sinceNanos, long accepted) {}

    private final Route53Api api;
    private final String group;
    private final Insync insync;
    private final LongSupplier nanos;
    private final Runnable worked;
    private final Backoff backoff;

    private final Map<String, HealthCheck> ours = new HashMap<>();
    private final Map<CheckedEndpoint, String> refused = new HashMap<>();
    private final Set<String> givenUp = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Unused> unused = new HashMap<>();
    private Optional<String> unread = Optional.empty();
    private Optional<OptionalLong> readIn = Optional.empty();
    private int readWith = -1;

    /** Whether some are waited for that could not be had, until then. */
    private boolean postponed;

    private long postponedUntil;
    private Checks known = Checks.NONE;
    private @Nullable Collection<ZoneView> observed;
    private @Nullable Checks observedThen;

    /**
     * @param insync knows which changes every name server has
     * @param worked told of each call that was made
     */
    HealthChecks(
            Route53Api api, String group, Insync insync, LongSupplier nanos, RandomGenerator random, Runnable worked) {
        this.api = api;
        this.group = group;
        this.insync = insync;
        this.nanos = nanos;
        this.worked = worked;
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    }

    /** The same object while nothing is known to have changed. */
    Checks known() {
        return known;
    }

    /**
     * Reads them, where that can be of use: where somebody asks for one, where some are there, and in each term once, since a
     * leader before may have left some. Where that fails, what was read in this term still counts; where nothing was, nothing
     * is known, and whoever asks for one waits.
     *
     * @param reading the number of the zones' reading: they are read once with each
     * @param asked whether a service asks for one
     * @param epoch in which this watcher leads, if it does
     */
    void read(int reading, boolean asked, OptionalLong epoch) {
        boolean newTerm = !readIn.equals(Optional.of(epoch));
        if (!newTerm && postponed && nanos.getAsLong() - postponedUntil < 0) {
            return;
        }
        if (!postponed && (reading == readWith || (!asked && !newTerm && ours.isEmpty()))) {
            return;
        }
        readWith = reading;
        try {
            List<HealthCheck> all = api.healthChecks(worked);
            ours.clear();
            all.stream().filter(check -> Checks.isOf(group, check)).forEach(check -> ours.put(check.id(), check));
            givenUp.retainAll(ours.keySet());
            refused.clear();
            postponed = false;
            unread = Optional.empty();
            readIn = Optional.of(epoch);
        } catch (AwsException e) {
            postponedUntil = nanos.getAsLong() + backoff.next().toNanos();
            if (newTerm) {
                unread = Optional.of(String.valueOf(e.getMessage()));
            }
            if (e.kind() == Kind.DENIED) {
                readIn = Optional.of(epoch); // who may not read them has made none
            }
        }
        if (newTerm) {
            unused.clear();
        }
        changed();
    }

    /** What is known of them may be wrong: the next look reads. */
    void doubt() {
        readWith = -1;
    }

    private void changed() {
        known = new Checks(List.copyOf(ours.values()), readIn.orElse(OptionalLong.empty()), givenUp, refused, unread);
    }

    /**
     * Makes one, or finds the one that an earlier such call has made. Where that is refused, {@link #known} says so until they
     * are read again.
     *
     * @param mayBegin asked before each call
     * @throws AwsException where it is not known whether it is there, or it may be had a little later
     */
    void make(MissingCheck missing, long epoch, BooleanSupplier mayBegin) throws AwsException {
        String about = missing.zone().id() + " " + missing.endpoint();
        CheckedEndpoint endpoint = missing.endpoint();
        for (int tries = 0; tries < TRIES; tries++) {
            int number = numbers.getOrDefault(about, 0);
            Optional<HealthCheck> made =
                    made(CheckReference.of(group, missing.zone(), endpoint, epoch, number), endpoint, mayBegin);
            if (refused.containsKey(endpoint)) {
                changed();
                return;
            }
            if (made.isPresent() && !givenUp.contains(made.get().id())) {
                ours.put(made.get().id(), made.get());
                backoff.succeeded();
                changed();
                return;
            }
            numbers.put(about, number + 1); // that one was deleted, or is about to be
        }
        refused.put(endpoint, "CreateHealthCheck: %s is called like %d that were deleted".formatted(endpoint, TRIES));
        changed();
    }

    private Optional<HealthCheck> made(CheckReference reference, CheckedEndpoint endpoint, BooleanSupplier mayBegin)
            throws AwsException {
        try {
            Optional<HealthCheck> made = api.makeHealthCheck(reference.text(), endpoint, mayBegin);
            worked.run();
            return made;
        } catch (AwsException e) {
            switch (e.kind()) {
                case REFUSED, GONE, DENIED -> refused.put(endpoint, String.valueOf(e.getMessage()));
                case LOST -> {
                    doubt();
                    postpone(endpoint, e);
                    throw e;
                }
                case RETRY, THROTTLED -> {
                    postpone(endpoint, e);
                    throw e;
                }
            }
            return Optional.empty();
        }
    }

    /** Whoever waits for one that fails again and again must not keep the others from being brought in step. */
    private void postpone(CheckedEndpoint endpoint, AwsException e) {
        boolean again = backoff.failures() > 0;
        postponedUntil = nanos.getAsLong() + backoff.next().toNanos();
        if (again) {
            postponed = true;
            refused.put(endpoint, String.valueOf(e.getMessage()));
            changed();
        }
    }

    /** Sees which of them nothing names, and since when. */
    @SuppressWarnings("ReferenceEquality") // the same object is what was looked at before
    void observe(Collection<ZoneView> views) {
        if (views == observed && known == observedThen) {
            return;
        }
        observed = views;
        observedThen = known;
        Set<String> now = known.unused(views).stream().map(HealthCheck::id).collect(Collectors.toSet());
        unused.keySet().retainAll(now);
        now.forEach(id -> unused.putIfAbsent(id, new Unused(nanos.getAsLong(), insync.accepted())));
    }

    /** These are about to be named. */
    void wanted(Set<String> ids) {
        unused.keySet().removeAll(ids);
        observedThen = null;
    }

    /** Those that nothing has named for long, everywhere. */
    List<HealthCheck> due() {
        long now = nanos.getAsLong();
        return unused.entrySet().stream()
                .filter(one -> isEverywhere(one.getValue(), now - one.getValue().sinceNanos()))
                .flatMap(one -> Optional.ofNullable(ours.get(one.getKey())).stream())
                .sorted(Comparator.comparing(HealthCheck::id))
                .limit(AT_ONCE)
                .toList();
    }

    private boolean isEverywhere(Unused one, long forNanos) {
        return forNanos >= Insync.MOST.toNanos() || (forNanos >= GRACE.toNanos() && insync.settled() >= one.accepted());
    }

    /**
     * Deletes it, which nothing can undo or make depend on anything: from here on no record of ours begins to name it, whatever
     * becomes of the call.
     *
     * @param mayBegin asked before each try
     */
    void letGo(HealthCheck check, BooleanSupplier mayBegin) throws AwsException {
        givenUp.add(check.id());
        unused.remove(check.id()); // one that fails is not tried again at once
        doubt();
        try {
            api.deleteHealthCheck(check.id(), mayBegin);
            worked.run();
            ours.remove(check.id());
        } catch (AwsException e) {
            unused.clear(); // nor are the others: nobody waits for them to go
            throw e;
        } finally {
            changed();
        }
    }
}
