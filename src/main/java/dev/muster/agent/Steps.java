package dev.muster.agent;

import dev.muster.health.Verdict;
import dev.muster.model.Candidate;
import dev.muster.model.Goodbye;
import dev.muster.model.Goodbye.Reason;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.registry.RegistrationStore.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * What an agent has to write, from what runs here and what it holds. Pure.
 *
 * @param owner in whose name
 * @param wanted what runs here and is meant to be published, once healthy
 * @param held what is stored under this owner's lease
 * @param published what this process has published and not withdrawn, by which a lost lease is repaired
 * @param unread containers that are there and of which nothing else is known: what is published of them stays
 */
record Steps(
        String owner,
        SortedMap<InstanceId, Candidate> wanted,
        Function<Candidate, Verdict> verdict,
        SortedMap<InstanceId, Held> held,
        Map<InstanceId, Registration> published,
        Set<String> unread) {

    private static final Run UNKNOWN_RUN = new Run("", "");

    /** Removals first, since what takes their place may need the port that they announce. */
    List<Step> list() {
        List<Step> steps = new ArrayList<>();
        held.forEach((id, entry) -> {
            if (leaves(id)) {
                steps.add(new Step.Withdraw(entry, goodbye(id, Reason.ENDED)));
            }
        });
        published.forEach((id, registration) -> {
            if (!held.containsKey(id) && leaves(id)) {
                steps.add(new Step.LateGoodbye(goodbye(id, Reason.ENDED)));
            }
        });
        wanted.forEach((id, candidate) -> publication(candidate).ifPresent(steps::add));
        return steps;
    }

    /** Everything goes, since its agent does. */
    List<Step> farewell() {
        List<Step> steps = new ArrayList<>();
        held.forEach((id, entry) -> steps.add(new Step.Withdraw(entry, goodbye(id, Reason.LEAVING))));
        return steps;
    }

    /** It is not wanted, or only as another run that has yet to show that it serves. */
    private boolean leaves(InstanceId id) {
        Candidate candidate = wanted.get(id);
        if (candidate == null) {
            return !mayBeUnread(id);
        }
        Optional<Run> before =
                previous(id).map(registration -> registration.instance().run());
        if (before.isEmpty()) { // stored, but nobody knows as what: it may stay only if it may still turn out to serve
            return candidate.paused() || verdict.apply(candidate) == Verdict.FAILING;
        }
        return !before.get().equals(candidate.instance().run())
                && (candidate.paused() || verdict.apply(candidate) != Verdict.HEALTHY);
    }

    /** What is stored without saying of which container it is may be of any. */
    private boolean mayBeUnread(InstanceId id) {
        return previous(id)
                .map(registration ->
                        unread.contains(registration.instance().run().containerId()))
                .orElse(!unread.isEmpty());
    }

    private Optional<Step> publication(Candidate candidate) {
        InstanceId id = candidate.id();
        Optional<Held> seen = Optional.ofNullable(held.get(id));
        return desired(candidate)
                .filter(registration -> !seen.flatMap(Held::registration).equals(Optional.of(registration)))
                .map(registration -> new Step.Publish(registration, seen));
    }

    /** What is to stand in the registry, or nothing where only a check can tell. */
    private Optional<Registration> desired(Candidate candidate) {
        Optional<Registration> same = previous(candidate.id())
                .filter(before ->
                        before.instance().run().equals(candidate.instance().run()));
        Registration fresh = new Registration(candidate.instance(), owner, InstanceState.UP, "");
        if (candidate.paused()) {
            return same.map(before -> fresh.withState(InstanceState.DOWN, Registration.REASON_PAUSED));
        }
        return switch (verdict.apply(candidate)) {
            case HEALTHY -> Optional.of(fresh);
            case FAILING -> same.map(before -> fresh.withState(InstanceState.DOWN, Registration.REASON_CHECK));
            case UNDECIDED -> same.map(before -> fresh.withState(before.state(), before.reason()));
        };
    }

    private Optional<Registration> previous(InstanceId id) {
        Held entry = held.get(id);
        Optional<Registration> stored = entry == null ? Optional.empty() : entry.registration();
        return stored.or(() -> Optional.ofNullable(published.get(id)));
    }

    private Goodbye goodbye(InstanceId id, Reason reason) {
        Run run = previous(id).map(before -> before.instance().run()).orElse(UNKNOWN_RUN);
        return new Goodbye(id, reason, owner, run);
    }
}
