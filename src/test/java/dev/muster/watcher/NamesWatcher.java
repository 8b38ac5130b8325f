package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.plan.ProbeResult;
import dev.muster.provider.Provider;
import dev.muster.provider.route53.WrongNames;
import dev.muster.reconcile.Signal;
import dev.muster.registry.Election;
import dev.muster.registry.FakeCatalogFeed;
import dev.muster.registry.Progress;
import dev.muster.registry.Term;
import dev.muster.testkit.UnmeasuredWatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** One of the watchers of a {@link NamesHistory}: a whole one, with a whole provider. */
final class NamesWatcher implements Election {

    private static final Signal.Look TIMER = new Signal.Look(false, Set.of());
    private static final Catalog EMPTY =
            new Catalog(0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private Optional<Instant> cutSince = Optional.empty();
    private Optional<Instant> unrenewedSince = Optional.empty();

    private final NamesHistory history;
    private final int number;
    private final RandomGenerator random;
    private final FakeCatalogFeed feed = new FakeCatalogFeed();
    private final FakeProbes probes = new FakeProbes();
    private Optional<Term> term = Optional.empty();
    private Catalog seen;
    private Provider provider;
    private Watcher watcher;

    NamesWatcher(NamesHistory history, int number, RandomGenerator random) {
        this.history = history;
        this.number = number;
        this.random = random;
        this.seen = history.catalog();
        this.provider = history.zone.provider(new GroupLeadership(this), random);
        this.watcher = start();
    }

    private Watcher start() {
        return new Watcher(
                new Watcher.Registry(feed, history.progress, history.releases, Map.of(provider.name(), this)),
                new Progress.Watcher("lb" + number, "host" + number, "test", List.of(provider.name()), Map.of()),
                List.of(provider),
                new Bindings(Ambassadors.NONE),
                probes,
                Duration.ofSeconds(60),
                history.time,
                random,
                new WatcherStatus(List.of(provider.name()), new UnmeasuredWatcher()),
                history.guard());
    }

    /** It dies, and another one begins without its memory, and without its seat. */
    void restart() {
        term = Optional.empty();
        close();
        provider = history.zone.provider(new GroupLeadership(this), random);
        watcher = start();
    }

    void close() {
        probes.close();
        try {
            provider.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    int number() {
        return number;
    }

    void elect(Term now) {
        term = Optional.of(now);
        unrenewedSince = cutSince;
    }

    /** Another one leads: it hears of it, or its lease is not renewed any more. */
    void depose(boolean hears) {
        if (hears) {
            term = Optional.empty();
        } else {
            unrenewedSince = unrenewedSince.or(() -> Optional.of(history.time.now()));
        }
    }

    /** It hears whether it still leads. */
    void hear(boolean leads) {
        if (!leads) {
            term = Optional.empty();
        }
    }

    boolean isCut() {
        return cutSince.isPresent();
    }

    /** It does not hear its registry, nor is it heard there. */
    void cut(boolean now) {
        cutSince = now ? cutSince.or(() -> Optional.of(history.time.now())) : Optional.empty();
        if (now) {
            depose(false);
        }
    }

    void pass() {
        boolean cut = isCut();
        if (!cut) {
            seen = history.catalog();
        }
        // It leads no longer than its lease lasts, by its own clock.
        unrenewedSince
                .filter(since -> !since.plus(NamesHistory.TTL).isAfter(history.time.now()))
                .ifPresent(tooLong -> term = Optional.empty());
        boolean unread = cut && history.wrong == WrongNames.TAKES_UNREAD_FOR_EMPTY;
        feed.sourceIsAt(seen.revision());
        feed.show(unread ? empty() : seen, !cut || unread, Instant.MIN, history.time.nanos());
        history.answers.forEach((target, answer) -> probes.answers(target, unread ? ProbeResult.SILENT : answer));
        watcher.run(TIMER);
    }

    /** With nothing in it but the names. */
    private Catalog empty() {
        return new Catalog(
                seen.revision(),
                EMPTY.registrations(),
                seen.settings(),
                EMPTY.goodbyes(),
                seen.changedAt(),
                EMPTY.rejected());
    }

    @Override
    public String group() {
        return NamesHistory.GROUP;
    }

    @Override
    public Optional<Term> term() {
        return term;
    }

    @Override
    public Duration left() {
        return term.isEmpty()
                ? Duration.ZERO
                : unrenewedSince
                        .map(since -> Duration.between(history.time.now(), since.plus(NamesHistory.TTL)))
                        .orElse(NamesHistory.TTL);
    }

    @Override
    public Optional<String> leader() {
        return Optional.empty();
    }

    @Override
    public Optional<Term> surpassed(long epoch) {
        return history.surpassed(this, epoch);
    }

    @Override
    public void begun() {}

    @Override
    public void advanced() {}

    @Override
    public void ended() {}

    @Override
    public String toString() {
        return "lb%d%s".formatted(number, isCut() ? " (cut off)" : "");
    }
}
